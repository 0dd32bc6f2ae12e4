import { expect, test } from 'vitest';
import { createTestClient } from '../test-client.ts';

const OFFICE = { type: 'IP', name: 'Office', gateways: [{ type: 'CIDR', value: '203.0.113.0/24' }] };

test('a zone is created, listed by filter, replaced and, once inactive, deleted', async () => {
  const org = createTestClient();
  const { body: zone } = await org.post('/api/v1/zones', OFFICE);
  expect({ ...zone, id: 'nzo', _links: undefined }).toEqual({
    ...OFFICE,
    id: 'nzo',
    status: 'ACTIVE',
    usage: 'POLICY',
    created: '2026-03-01T12:00:00.000Z',
    lastUpdated: '2026-03-01T12:00:00.000Z',
    system: false,
    proxies: null,
    _links: undefined,
  });
  expect((await org.get('/api/v1/zones?filter=system%20eq%20false')).body.map((one: { name: string }) => one.name)).toEqual(['Office']);
  const path = `/api/v1/zones/${zone.id}`;
  expect((await org.put(path, { ...OFFICE, name: 'Head office' })).body.name).toBe('Head office');
  expect((await org.delete(path)).causes).toEqual(['The network zone must be deactivated before deletion']);
  expect((await org.post(`${path}/lifecycle/deactivate`)).body.status).toBe('INACTIVE');
  expect((await org.delete(path)).status).toBe(204);
  expect((await org.get(path)).code).toBe('E0000007');
  expect(org.events().slice(-4)).toEqual(['zone.create', 'zone.update', 'zone.deactivate', 'zone.delete']);
});

test('a zone that a policy rule or ThreatInsight names can be neither deactivated nor deleted', async () => {
  const org = createTestClient();
  const { body: zone } = await org.post('/api/v1/zones', OFFICE);
  const excluded = { action: 'block', excludeZones: [zone.id] };
  expect((await org.post('/api/v1/threats/configuration', excluded)).body).toMatchObject(excluded);
  expect((await org.post(`/api/v1/zones/${zone.id}/lifecycle/deactivate`)).code).toBe('E0000158');
  await org.post('/api/v1/threats/configuration', { action: 'none', excludeZones: [] });
  const { body: policy } = await org.post('/api/v1/policies', { type: 'OKTA_SIGN_ON', name: 'From the office' });
  await org.post(`/api/v1/policies/${policy.id}/rules`, {
    name: 'Office',
    type: 'SIGN_ON',
    conditions: { network: { connection: 'ZONE', include: [zone.id] } },
  });
  expect((await org.post(`/api/v1/zones/${zone.id}/lifecycle/deactivate`)).causes).toEqual([
    'The network zone is used by the policy rule Office',
  ]);
});

test('what is no zone is refused', async () => {
  const org = createTestClient();
  expect((await org.post('/api/v1/zones', { ...OFFICE, type: 'CLOUD' })).code).toBe('E0000001');
  expect((await org.post('/api/v1/zones', { ...OFFICE, gateways: 'all' })).code).toBe('E0000003');
  expect((await org.post('/api/v1/zones', { ...OFFICE, gateways: [{ type: 'CIDR', value: 'anywhere' }] })).code).toBe('E0000001');
  expect((await org.get('/api/v1/zones?filter=name%20eq%20%22x%22')).status).toBe(400);
});

test('a dynamic zone tells the region of every country, and AS numbers only if it has any', async () => {
  const org = createTestClient();
  const { body: zone } = await org.post('/api/v1/zones', { type: 'DYNAMIC', name: 'Abroad', locations: [{ country: 'US' }] });
  expect(zone).toMatchObject({ locations: [{ country: 'US', region: null }], proxyType: null });
  expect(Object.keys(zone)).not.toContain('asns');
});
