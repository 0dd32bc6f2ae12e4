import { expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { createRandom } from '../../src/emulator/random.ts';
import { Generator } from './fuzz/generate.ts';
import { readSpecification } from './fuzz/specification.ts';
import { violations } from './fuzz/validate.ts';

/** `FUZZ_REQUESTS` and `FUZZ_SEED` choose another run: 10 000 requests take about half a minute. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? '1500');
const NOW = '2026-03-01T12:00:00Z';
const SEED = Number(process.env.FUZZ_SEED ?? '1');

test(`${REQUESTS} random requests find no fault: no 500, no crash, and every body of success valid by its schema`, {
  timeout: 300_000,
}, async () => {
  const specification = readSpecification();
  const random = createRandom(SEED);
  let generator = new Generator(random, specification);
  let emulator = createEmulator({ seed: 'demo', now: NOW, random: SEED });
  const faults: string[] = [];
  const statuses = new Map<number, number>();
  for (let count = 0; count < REQUESTS && faults.length < 20; count++) {
    const operation = random.pick(specification.operations);
    const { method, url, body, contentType } = generator.next(operation);
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
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      // A random request has deactivated the token's owner or revoked the token: on with another org.
      if (response.status === 401) {
        emulator = createEmulator({ seed: 'demo', now: NOW, random: SEED + count });
        generator = new Generator(random, specification);
      }
      const text = Buffer.from(response.body).toString('utf8');
      if (response.status >= 500 && response.status !== 501) faults.push(`${response.status}: ${asked}`);
      if (response.status >= 300 || text === '') continue;
      const parsed: unknown = JSON.parse(text);
      generator.harvest(parsed);
      const schema =
        operation.responses[String(response.status)]?.schema ?? operation.responses['200']?.schema ?? operation.responses['201']?.schema;
      const wrong = schema === undefined ? [] : violations(parsed, schema, specification);
      if (wrong.length > 0) faults.push(`${wrong.slice(0, 4).join('; ')}: ${asked}`);
    } catch (error) {
      faults.push(`${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 3).join(' ') : String(error)}: ${asked}`);
    }
  }
  if (process.env.FUZZ_STATUSES !== undefined) process.stdout.write(`${JSON.stringify([...statuses])}\n`);
  expect(faults).toEqual([]);
  // A run in which nothing succeeds, or nothing is refused, would prove nothing.
  expect(statuses.get(200) ?? 0).toBeGreaterThan(REQUESTS / 10);
  expect(statuses.get(400) ?? 0).toBeGreaterThan(REQUESTS / 50);
});
