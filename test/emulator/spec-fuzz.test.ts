import { expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { makeKeyPair } from '../../src/emulator/families/apps/certificates.ts';
import { createRandom } from '../../src/emulator/random.ts';
import type { Emulator } from '../../src/emulator/types.ts';
import { type Ask, furnish } from './fuzz/furnish.ts';
import { type Generated, Generator } from './fuzz/generate.ts';
import { type Operation, readSpecification } from './fuzz/specification.ts';
import { violations } from './fuzz/validate.ts';

/** `FUZZ_SEED` and `FUZZ_REQUESTS` choose another run. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? '10000');
const NOW = '2026-03-01T12:00:00Z';
const SEED = Number(process.env.FUZZ_SEED ?? '1');

test(`${REQUESTS} random requests find no fault: no 500, no crash, and every body of success valid by its schema`, {
  timeout: 300_000,
}, async () => {
  const specification = readSpecification();
  const random = createRandom(SEED);
  const faults: string[] = [];
  const statuses = new Map<number, number>();
  let generator = new Generator(random, specification);
  // Real keys, but not hundreds of them: each costs as much as a hundred requests.
  const keyPair = makeKeyPair();
  const newOrg = (seed: number): Emulator => createEmulator({ seed: 'demo', now: NOW, random: seed, makeKeyPair: () => keyPair });
  let emulator = newOrg(SEED);
  const check = async ({ method, url, body, contentType }: Generated, operation?: Operation): Promise<[number, unknown]> => {
    const asked = `${method} ${url}${body === undefined ? '' : ` ${body.slice(0, 1500)}`}`;
    try {
      const response = await emulator.handle({
        method,
        url,
        headers: {
          authorization: `SSWS ${emulator.token}`,
          'content-type': contentType,
          'content-length': String(Buffer.byteLength(body ?? '')),
        },
        ...(body === undefined ? {} : { body }),
      });
      const text = Buffer.from(response.body).toString('utf8');
      if (response.status >= 500 && response.status !== 501) faults.push(`${response.status}: ${asked}`);
      if (response.status >= 300) return [response.status, undefined];
      if (method !== 'DELETE') generator.found(url);
      if (text === '') return [response.status, undefined];
      const parsed: unknown = JSON.parse(text);
      generator.harvest(parsed);
      const schema =
        operation?.responses[String(response.status)]?.schema ?? operation?.responses['200']?.schema ?? operation?.responses['201']?.schema;
      const wrong = schema === undefined ? [] : violations(parsed, schema, specification);
      if (wrong.length > 0) faults.push(`${wrong.slice(0, 4).join('; ')}: ${asked}`);
      return [response.status, parsed];
    } catch (error) {
      faults.push(`${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 3).join(' ') : String(error)}: ${asked}`);
      return [0, undefined];
    }
  };
  const ask: Ask = async (method, url, body) => {
    const [, answer] = await check({
      method,
      url,
      body: body === undefined ? undefined : JSON.stringify(body),
      contentType: 'application/json',
    });
    return (answer ?? {}) as Awaited<ReturnType<Ask>>;
  };
  for (let count = 0; count < REQUESTS && faults.length < 20; count++) {
    if (count % 200 === 0) await furnish(ask, `fuzz${SEED}x${count}`);
    const operation = random.pick(specification.operations);
    const [status] = await check(generator.next(operation), operation);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    // A random request has deactivated the token's owner or revoked the token: on with another org.
    if (status === 401) {
      emulator = newOrg(SEED + count);
      generator = new Generator(random, specification);
      await furnish(ask, `fuzz${SEED}y${count}`);
    }
  }
  if (process.env.FUZZ_STATUSES !== undefined) process.stdout.write(`${JSON.stringify([...statuses])}\n`);
  expect(faults).toEqual([]);
  // A run in which nothing succeeds, or nothing is refused, would prove nothing.
  expect(statuses.get(200) ?? 0).toBeGreaterThan(REQUESTS / 10);
  expect(statuses.get(400) ?? 0).toBeGreaterThan(REQUESTS / 50);
});
