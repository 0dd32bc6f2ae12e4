import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { FAULT_KINDS } from '../../src/emulator/faults.ts';
import { CAPABILITIES } from '../../src/emulator/release.ts';
import type { EmulatorOptions, FaultRule, JsonObject } from '../../src/emulator/types.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/emulator.md', import.meta.url)), 'utf8');
const [seed, faults] = [...page.matchAll(/^```json\n(.*?)^```/gms)].map((match) => JSON.parse(match[1] ?? '') as unknown);

/** First cells of the table below a heading, without their marks. */
function names(heading: string): string[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1] ?? '');
}

test('the page of the emulator names every option of `orgql emulate`, and no other', () => {
  const flags = COMMANDS.find(({ name }) => name === 'emulate')?.flags ?? [];
  const spelled = (flag: string): string => flag.split(' ')[0] ?? '';
  expect(names('Options').map(spelled).sort()).toEqual(flags.map(({ spelling }) => spelled(spelling)).sort());
  for (const capability of Object.keys(CAPABILITIES)) expect(page).toContain(`\`${capability}\``);
});

test('it names every effect of faults, and no other', () => {
  expect(names('Faults').sort()).toEqual(Object.keys(FAULT_KINDS).sort());
});

test('its seed file and its faults can be used', async () => {
  const options: EmulatorOptions = { seed: seed as JsonObject, faults: faults as FaultRule[] };
  const emulator = createEmulator(options);
  const get = async (path: string): Promise<number> =>
    (await emulator.handle({ method: 'GET', url: path, headers: { authorization: `SSWS ${emulator.token}` } })).status;
  expect([
    await get('/api/v1/users/ada@example.com'),
    await get('/api/v1/users'),
    await get('/api/v1/users'),
    await get('/api/v1/users'),
  ]).toEqual([200, 200, 200, 503]);
});

test('its control paths answer', async () => {
  const emulator = createEmulator();
  for (const name of names('Time and control')) {
    const path = /\/_emulator\/\w+/.exec(page.slice(page.indexOf(`\`${name}\``)))?.[0] ?? '';
    expect((await emulator.handle({ method: 'GET', url: path })).status).toBe(200);
  }
});
