import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO_ORG } from '../config/load.ts';
import type { ExampleRunner, RunResult } from '../docs/examples/types.ts';
import type { DocumentedProvider } from '../docs/site.ts';
import { columnWriter } from './output/values.ts';
import { asOrgqlError, printError } from './print-error.ts';

/** The moment at which examples are run: the org is laid around it, so that its times are the same in every build. */
const EXAMPLE_TIME = Date.parse('2026-01-15T12:00:00.000Z');

/** A provider as its pages are made, and its demo orgs. The caller closes it. The demo org answers for the built-in provider; of another nothing is run. */
export async function documentedProvider(
  found: { readonly name: string; readonly directory: string },
  isBuiltIn: boolean,
): Promise<{ readonly provider: DocumentedProvider; readonly close: () => Promise<void> }> {
  const { readCarriedExamples } = await import('../docs/examples/carried.ts');
  const text = await readFile(join(found.directory, 'examples.sql'), 'utf8').catch(() => '');
  const provider = { name: found.name, isBuiltIn, carried: readCarriedExamples(text) };
  if (!isBuiltIn) return { provider, close: async () => {} };
  const [runner, scratch] = [await runOnDemoOrg(DEMO_ORG), await runOnRenewedOrgs()];
  const close = async (): Promise<void> => {
    await Promise.all([runner.close(), scratch.close()]);
  };
  return { provider: { ...provider, runner, scratch }, close };
}

/** As above, on a new org whenever what was run has cost the credential its rights: its owner was suspended, say. */
async function runOnRenewedOrgs(): Promise<ExampleRunner> {
  let current = await runOnDemoOrg(DEMO_ORG);
  return {
    serverValues: current.serverValues,
    run: async (sql) => {
      const result = await current.run(sql);
      if (result.kind !== 'failure' || result.code !== 'authentication_failed') return result;
      await current.close();
      current = await runOnDemoOrg(DEMO_ORG);
      return current.run(sql);
    },
    close: () => current.close(),
  };
}

/** What takes more is no example: it would be copied and run on an org that pays for it. */
const MOST_CALLS = 100;

/** Runs the examples of documentation on a demo org of its own. The caller closes it. */
export async function runOnDemoOrg(org: string): Promise<ExampleRunner> {
  const { openSession } = await import('../session.ts');
  const session = await openSession({ orgs: [], defaultOrg: org, now: EXAMPLE_TIME });
  return {
    serverValues: { subdomain: org },
    run: async (sql) => {
      try {
        const cursor = await session.query(sql, { maxCalls: MOST_CALLS });
        try {
          const writers = cursor.columns.map(columnWriter);
          const rows: (readonly (string | undefined)[])[] = [];
          for await (const batch of cursor.batches)
            for (const row of batch)
              rows.push(
                row.map((value, index) => (value === null || value === undefined ? undefined : stable(writers[index]?.text(value)))),
              );
          await cursor.close();
          const { requests, complete } = cursor.receipt();
          const message = cursor.message();
          if (!complete) return { kind: 'failure', code: 'partial_result', text: 'The result is incomplete' };
          const result: RunResult =
            cursor.columns.length === 0
              ? { kind: 'effect', message: stable(message) ?? 'done', requests }
              : { kind: 'rows', columns: cursor.columns, rows, requests };
          return result;
        } finally {
          await cursor.close();
        }
      } catch (thrown) {
        const error = asOrgqlError(thrown);
        return {
          kind: 'failure',
          code: error.code,
          text: stable(printError(error, { useColour: false, isVerbose: false }).trimEnd()) ?? '',
        };
      }
    },
    close: () => session.close(),
  };
}

/** The demo org has another port whenever it is opened: what is said of its address is shown as that of the org that it stands for. */
function stable(text: string | undefined): string | undefined {
  return text?.replace(
    /(http:\/\/)?127\.0\.0\.1:\d+/g,
    (_match, scheme?: string) => `${scheme === undefined ? '' : 'https://'}${DEMO_ORG}.okta.com`,
  );
}
