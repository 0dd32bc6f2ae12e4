import { createInterface } from 'node:readline/promises';
import type { WritePreview } from '../exec/types.ts';
import { OrgqlError } from '../util/errors.ts';
import type { Io } from './io.ts';
import { escapeForDisplay } from './output/escape.ts';

export interface ConfirmOptions {
  readonly isYes: boolean;
  readonly mayAsk: boolean;
  /** Called before anything is written, so that a progress line does not stand in the way. */
  readonly beforeAsking: () => void;
  /** Puts a question to the person; a line editor of its own if absent. */
  readonly ask?: (question: string) => Promise<string>;
}

/**
 * What is asked before a change: nothing with `--yes`, the person at a terminal, and a refusal everywhere else.
 * `undefined`: changes run.
 */
export function confirmWrites(io: Io, options: ConfirmOptions): ((preview: WritePreview) => Promise<boolean>) | undefined {
  if (options.isYes) return undefined;
  return async (preview) => {
    options.beforeAsking();
    if (!options.mayAsk || !io.stderr.isTerminal || io.stdin.isTTY !== true) {
      throw new OrgqlError('refused', 'The change was not confirmed: nothing was sent', {
        detail: `it would have been ${describePreview(preview)}, and there is no terminal to ask at`,
        hint: 'add --yes to make changes without being asked',
      });
    }
    io.stderr.write(printPreview(preview));
    const answer = await (options.ask ?? askAtTerminal(io))('Make this change? [y/N] ');
    return /^y(es)?$/i.test(answer.trim());
  };
}

function askAtTerminal(io: Io): (question: string) => Promise<string> {
  return async (question) => {
    const reader = createInterface({ input: io.stdin, output: process.stderr, terminal: true });
    try {
      return await reader.question(question, { signal: io.signal });
    } finally {
      reader.close();
    }
  };
}

function describePreview(preview: WritePreview): string {
  const first = preview.sample[0];
  const calls = preview.calls === 1 ? '1 call' : `${preview.calls} calls`;
  return first === undefined
    ? `${calls} of ${preview.method}`
    : `${calls} of ${preview.method}, such as ${first.verb} ${escapeForDisplay(first.url)}`;
}

/** The preview as a person reads it. */
export function printPreview(preview: WritePreview): string {
  let text = `${preview.method}: ${preview.calls === 1 ? '1 call' : `${preview.calls} calls`}\n`;
  for (const request of preview.sample)
    text += `  ${request.verb} ${escapeForDisplay(request.url)}${request.body === undefined ? '' : ` ${escapeForDisplay(request.body)}`}\n`;
  if (preview.calls > preview.sample.length && preview.sample.length > 0)
    text += `  ... and ${preview.calls - preview.sample.length} more\n`;
  for (const warning of preview.warnings) text += `  warning: ${escapeForDisplay(warning)}\n`;
  return text;
}
