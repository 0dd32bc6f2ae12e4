import { expect, test } from 'vitest';
import { createTestClient } from '../test-client.ts';

const CHANNEL = {
  type: 'HTTP',
  version: '1.0.0',
  config: { uri: 'https://hooks.acme.test/okta', authScheme: { type: 'HEADER', key: 'Authorization', value: 'secret' } },
};
const HOOK = { name: 'New users', events: { type: 'EVENT_TYPE', items: ['user.lifecycle.create'] }, channel: CHANNEL };
const INLINE = { name: 'Claims', type: 'com.okta.oauth2.tokens.transform', version: '1.0.0', channel: CHANNEL };

test('an event hook keeps its secret, is verified while active, and proves itself again after a move', async () => {
  const org = createTestClient();
  const { body: hook } = await org.post('/api/v1/eventHooks', HOOK);
  expect(JSON.stringify(hook)).not.toContain('secret');
  const path = `/api/v1/eventHooks/${hook.id}`;
  expect((await org.post(`${path}/lifecycle/verify`)).body.verificationStatus).toBe('VERIFIED');
  const moved = { ...HOOK, channel: { ...CHANNEL, config: { ...CHANNEL.config, uri: 'https://hooks.acme.test/new' } } };
  expect((await org.put(path, moved)).body.verificationStatus).toBe('UNVERIFIED');
  expect((await org.delete(path)).code).toBe('E0000001');
  const { body: inactive } = await org.post(`${path}/lifecycle/deactivate`);
  expect([inactive.status, Object.keys(inactive._links).sort()]).toEqual(['INACTIVE', ['activate', 'delete', 'self']]);
  expect((await org.post(`${path}/lifecycle/verify`)).code).toBe('E0000001');
  expect((await org.delete(path)).status).toBe(204);
  expect((await org.get('/api/v1/eventHooks')).body).toEqual([]);
  expect(org.events().slice(-5)).toEqual([
    'event_hook.created',
    'event_hook.verified',
    'event_hook.updated',
    'event_hook.deactivated',
    'event_hook.deleted',
  ]);
});

test('an inline hook is listed by type and executed only while active', async () => {
  const org = createTestClient();
  const { body: hook } = await org.post('/api/v1/inlineHooks', INLINE);
  const path = `/api/v1/inlineHooks/${hook.id}`;
  expect((await org.get(`/api/v1/inlineHooks?type=${INLINE.type}`)).body).toHaveLength(1);
  expect((await org.get('/api/v1/inlineHooks?type=com.okta.import.transform')).body).toEqual([]);
  expect((await org.post(`${path}/execute`, { data: {} })).body).toEqual({ commands: [] });
  expect((await org.post('/api/v1/inlineHooks', INLINE)).code).toBe('E0000001');
  expect((await org.delete(path)).code).toBe('E0000001');
  await org.post(`${path}/lifecycle/deactivate`);
  expect((await org.post(`${path}/execute`, {})).code).toBe('E0000001');
  expect((await org.delete(path)).status).toBe(204);
});

test('a hook must have a name, events and an https address', async () => {
  const org = createTestClient();
  expect((await org.post('/api/v1/eventHooks', { ...HOOK, name: '' })).causes).toEqual(['name: The field cannot be left blank']);
  expect((await org.post('/api/v1/eventHooks', { ...HOOK, events: { type: 'EVENT_TYPE', items: [] } })).code).toBe('E0000001');
  const plain = { ...CHANNEL, config: { uri: 'http://hooks.acme.test' } };
  expect((await org.post('/api/v1/eventHooks', { ...HOOK, channel: plain })).causes).toEqual([
    'channel.config.uri: The uri must be an absolute https URL',
  ]);
  expect((await org.get('/api/v1/eventHooks/who1')).body.errorSummary).toBe('Not found: Resource not found: who1 (Webhook)');
});

test('a hook is switched by its replacement too, and keeps what it is told about itself', async () => {
  const org = createTestClient();
  const { body: hook } = await org.post('/api/v1/eventHooks', { ...HOOK, description: 'for the help desk' });
  expect(hook).toMatchObject({ status: 'ACTIVE', description: 'for the help desk', events: { filter: null } });
  expect((await org.put(`/api/v1/eventHooks/${hook.id}`, { ...HOOK, status: 'INACTIVE' })).body.status).toBe('INACTIVE');
  const { body: inline } = await org.post('/api/v1/inlineHooks', INLINE);
  expect((await org.put(`/api/v1/inlineHooks/${inline.id}`, { ...INLINE, status: 'INACTIVE' })).body.status).toBe('INACTIVE');
});
