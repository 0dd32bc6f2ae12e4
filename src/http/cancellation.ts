import { OrgqlError } from '../util/errors.ts';

/** The error that an aborted signal stands for: its own reason where that is one of ours (a time limit, say), else `cancelled`. */
export function cancellation(signal: AbortSignal | undefined): OrgqlError {
  const reason: unknown = signal?.reason;
  if (reason instanceof OrgqlError) return reason;
  if (reason instanceof Error && reason.name === 'TimeoutError')
    return new OrgqlError('timeout', 'The time allowed for the statement ran out', { cause: reason });
  return new OrgqlError('cancelled', 'The statement was cancelled');
}
