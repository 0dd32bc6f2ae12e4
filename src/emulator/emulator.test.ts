import { afterEach, expect, test } from 'vitest';
import { createEmulator } from './emulator.ts';
import type { EmulatorResponse, Listening } from './types.ts';

const NOW = '2026-03-01T12:00:00.000Z';
const bodyOf = (response: EmulatorResponse): unknown => JSON.parse(Buffer.from(response.body).toString());
let listening: Listening | undefined;
afterEach(async () => {
  await listening?.close();
  listening = undefined;
});

test('the description of the org needs no credential', async () => {
  const emulator = createEmulator({ now: NOW });
  const response = await emulator.handle({ method: 'GET', url: '/.well-known/okta-organization' });
  expect(response.status).toBe(200);
  expect(bodyOf(response)).toMatchObject({ pipeline: 'idx', _links: { organization: { href: 'https://demo.okta.com' } } });
});

test('links carry the URL that the server is bound to', async () => {
  const emulator = createEmulator({ now: NOW });
  listening = await emulator.listen();
  const response = await fetch(`${listening.url}/.well-known/okta-organization`);
  expect(await response.json()).toMatchObject({ _links: { organization: { href: listening.url } } });
});
