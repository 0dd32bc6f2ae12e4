import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { MAIN, type Outcome, runScenario } from './run-scenario.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .map((name) => name.slice(0, -'.sql'.length));

// `ORGQL_UPDATE=1 npx vitest run test/scenarios` writes what is expected anew; look at the difference before it is committed.
const isUpdate = process.env.ORGQL_UPDATE === '1';

describe.skipIf(!existsSync(MAIN))('scenarios through the built CLI (skipped before npm run build)', () => {
  test.each(names)('%s', async (name) => {
    const outcome = await runScenario(`${folder}${name}.sql`);
    for (const part of ['out', 'err', 'http'] as const) if (isUpdate) await writeFile(`${folder}${name}.${part}`, outcome[part]);
    const read = (part: keyof Outcome): Promise<string> => readFile(`${folder}${name}.${part}`, 'utf8');
    expect(outcome).toEqual({ out: await read('out'), err: await read('err'), http: await read('http') });
  });
});
