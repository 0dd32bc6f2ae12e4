import { SETTINGS } from '../config/settings.ts';
import { ERROR_CODES } from '../util/error-codes.ts';
import { FORMATS } from './output/formats.ts';

/** Texts of `orgql help <topic>`. */
export const HELP_TOPICS: Readonly<Record<string, 'exit-codes' | 'env' | 'output'>> = {
  'exit-codes': 'exit-codes',
  env: 'env',
  environment: 'env',
  settings: 'env',
  output: 'output',
};

/** Exit statuses with what each means. */
export const EXIT_MEANINGS: readonly (readonly [status: number, meaning: string])[] = [
  [0, 'done'],
  [1, 'the statement is wrong or could not be evaluated'],
  [2, 'the command line is wrong'],
  [3, 'credentials or configuration are wrong'],
  [4, 'the API answered with an error, or not at all'],
  [5, 'the result is incomplete, and was asked for so (--partial, --unavailable null)'],
  [6, 'a change was not confirmed, or not allowed'],
  [7, 'a check failed'],
  [124, 'the time allowed ran out (--timeout)'],
  [130, 'stopped by Ctrl-C'],
  [143, 'stopped by SIGTERM'],
];

/** A topic's text. */
export function printTopic(topic: 'exit-codes' | 'env' | 'output'): string {
  switch (topic) {
    case 'exit-codes': {
      let text = 'Exit codes\n\n';
      for (const [status, meaning] of EXIT_MEANINGS) {
        text += `${String(status).padStart(4)}  ${meaning}\n`;
        const codes = Object.entries(ERROR_CODES).filter(([, row]) => row.exitStatus === status);
        for (const [code, row] of codes) text += `        ${code.padEnd(28)}${row.meaning}\n`;
      }
      return text;
    }
    case 'env': {
      let text = 'Settings: flag over environment over ./orgql.yaml over the user file\n';
      for (const setting of SETTINGS) {
        const names = [setting.flag, ...setting.env, setting.key === undefined ? undefined : `${setting.key} (file)`].filter(
          (name) => name !== undefined,
        );
        text += `\n  ${names.join(', ')}\n      ${setting.description}\n      ${setting.type}${setting.default === undefined ? '' : `; default ${setting.default}`}${setting.needsTrust ? '; in ./orgql.yaml only after orgql org trust' : ''}\n`;
      }
      return text;
    }
    case 'output': {
      let text = 'Output formats (-o)\n\n';
      for (const [name, { description }] of Object.entries(FORMATS)) text += `  ${name.padEnd(10)}${description}\n`;
      return `${text}\nResults go to the standard output, everything else to the standard error. -f FILE writes a file that appears when it is complete.\n`;
    }
  }
}

/** Three examples that run on a fresh machine. */
export function exampleText(): string {
  return `Examples (the org "demo" is built in and needs no account):
  orgql exec "SELECT id, status FROM okta.user.users WHERE subdomain = 'demo' LIMIT 5"
  orgql exec "SHOW METHODS IN okta.session.sessions"
  orgql explain "SELECT status, count(*) FROM okta.user.users GROUP BY status"
`;
}
