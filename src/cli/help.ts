import { SETTINGS } from '../config/settings.ts';
import { ERROR_CODES } from '../util/error-codes.ts';
import { FORMATS } from './output/formats.ts';

/** What `orgql help <topic>` tells of. */
export type HelpTopic = 'auth' | 'sql' | 'exit-codes' | 'env' | 'output';

/** Topics by the words that people use. */
export const HELP_TOPICS: Readonly<Record<string, HelpTopic>> = {
  auth: 'auth',
  sql: 'sql',
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
export function printTopic(topic: HelpTopic): string {
  switch (topic) {
    case 'auth':
      return AUTH_TEXT;
    case 'sql':
      return SQL_TEXT;
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

const AUTH_TEXT = `Credentials

An org is an entry of orgql.yaml; its credential stands beside it (in it only for an org to test with), never on the command line:

  default_org: acme
  orgs:
    acme: { org_url: https://acme.okta.com, token_env: ACME_TOKEN }     a token from the environment
    lab:  { org_url: http://127.0.0.1:8080, token: file:./lab.token }   or from a file

OKTA_API_TOKEN together with OKTA_ORG_NAME, and the variables of Okta's SDKs and of Terraform, do without a file.
A ./orgql.yaml counts for credentials and addresses only after  orgql org trust.
orgql org list  shows every org and where its credential comes from; orgql org test  asks the org whether it takes it.
The org "demo" is built in and needs none.
`;

const SQL_TEXT = `SQL

Queries are in DuckDB's dialect over relations named provider.service.resource:
  SELECT id, profile.email FROM okta.user.users WHERE status = 'ACTIVE'
  SELECT u.id, f.factorType FROM okta.user.users u LEFT JOIN okta.userfactor.factors f ON f.userId = u.id

What is there:
  SHOW PROVIDERS | SHOW SERVICES IN okta | SHOW RESOURCES IN okta.user | SHOW [EXTENDED] METHODS IN okta.user.users [LIKE 'a%']
  DESCRIBE [EXTENDED] okta.user.users
Changes, each shown before it is made:
  INSERT INTO r (data__profile) VALUES (...) | UPDATE r SET ... WHERE ... | REPLACE r SET ... WHERE ... | DELETE FROM r WHERE ... [RETURNING ...]
  EXEC okta.user.users.suspend @userId = '...' | EXEC ... FOR EACH (SELECT ...)
What it would cost:
  EXPLAIN SELECT ...
Kept on this machine:
  CREATE TABLE t AS SELECT ... | CREATE VIEW v AS ... | CREATE MATERIALIZED VIEW m AS ... | REFRESH MATERIALIZED VIEW m | DROP ...
`;

/** Three examples that run on a fresh machine. */
export function exampleText(): string {
  return `Examples (the org "demo" is built in and needs no account):
  orgql exec "SELECT id, status FROM okta.user.users WHERE subdomain = 'demo' LIMIT 5"
  orgql exec "SHOW METHODS IN okta.session.sessions"
  orgql explain "SELECT status, count(*) FROM okta.user.users GROUP BY status"
`;
}
