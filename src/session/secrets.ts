import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { SecretSource } from '../session-types.ts';
import { OrgqlError } from '../util/errors.ts';

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

const COMMAND_TIMEOUT_MS = 30_000;

/** A source that is one text: everything but OAuth. */
export type PlainSource = Exclude<SecretSource, { readonly kind: 'oauth' }>;

/**
 * The secret itself, white space around it taken off. Read when first needed and never kept here, printed or logged.
 * Throws `missing_credential`, which names the place but not the content.
 */
export async function readSecret(source: PlainSource, org: string, environment: EnvironmentVariables): Promise<string> {
  switch (source.kind) {
    case 'bearer':
      return source.token.kind === 'oauth'
        ? Promise.reject(missing(org, 'A bearer token cannot come from OAuth here', 'use kind oauth itself'))
        : readSecret(source.token, org, environment);
    case 'literal':
      return present(source.value, org, 'its token is empty', 'put the token into the configuration');
    case 'env':
      return present(environment[source.variable], org, `the environment variable ${source.variable} is not set`, `set ${source.variable}`);
    case 'file': {
      const text = await readFile(source.path, 'utf8').catch((cause: unknown) => {
        throw missing(org, `the file ${source.path} cannot be read (${codeOf(cause)})`, 'check the path and that you may read it');
      });
      return present(text, org, `the file ${source.path} is empty`, 'put the token into it');
    }
    case 'command': {
      const [program = '', ...args] = source.command;
      try {
        const { stdout } = await promisify(execFile)(program, args, { timeout: COMMAND_TIMEOUT_MS, maxBuffer: 1 << 20, windowsHide: true });
        return present(stdout, org, `the command ${program} printed nothing`, 'run it by hand to see why');
      } catch (cause) {
        if (cause instanceof OrgqlError) throw cause;
        // What the command printed may be the secret, so only how it ended is told.
        throw missing(org, `the command ${program} failed (${codeOf(cause)})`, 'run it by hand to see why');
      }
    }
  }
}

function present(text: string | undefined, org: string, why: string, fix: string): string {
  const secret = text?.trim() ?? '';
  if (secret === '') throw missing(org, why, fix);
  return secret;
}

function missing(org: string, why: string, fix: string): OrgqlError {
  return new OrgqlError('missing_credential', `The org ${org} has no credential: ${why}`, { hint: fix });
}

function codeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return 'unknown reason';
  return typeof cause.code === 'number' ? `exit status ${cause.code}` : String(cause.code);
}
