import { beforeEach, expect, test } from 'vitest';
import { createTestClient, TEST_NOW, type TestClient } from '../test-client.ts';

let okta: TestClient;
const now = Date.parse(TEST_NOW);
beforeEach(() => {
  okta = createTestClient({
    seed: (org) => {
      for (let i = 0; i < 10; i++) {
        org.log(i % 2 === 0 ? 'user.session.start' : 'group.lifecycle.create', {
          published: now - (10 - i) * 3_600_000,
          actor: { id: `00u${i}`, type: 'User', alternateId: `u${i}@example.com`, displayName: `User ${i}` },
          targets: [{ id: `t${i}`, type: 'User', alternateId: null, displayName: 'Target' }],
          outcome: { result: i < 3 ? 'FAILURE' : 'SUCCESS' },
        });
      }
    },
  });
});
const actors = (body: { actor: { id: string } }[]): string[] => body.map((event) => event.actor.id);
const at = (hoursAgo: number): string => new Date(now - hoursAgo * 3_600_000).toISOString();

async function pages(path: string): Promise<string[][]> {
  const all: string[][] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const response = await okta.get(next);
    expect(response.status).toBe(200);
    all.push(actors(response.body));
    next = response.links.next;
  }
  return all;
}

test('a bounded query ends, and its next link carries no since', async () => {
  const path = `/api/v1/logs?since=${at(8)}&until=${at(2)}&limit=4`;
  expect((await okta.get(path)).links.next).not.toContain('since=');
  expect(await pages(path)).toEqual([
    ['00u2', '00u3', '00u4', '00u5'],
    ['00u6', '00u7'],
  ]);
  expect(await pages(`${path}&sortOrder=DESCENDING`)).toEqual([
    ['00u7', '00u6', '00u5', '00u4'],
    ['00u3', '00u2'],
  ]);
});

test('a polling query always has a next page, which shows what came since', async () => {
  const first = await okta.get(`/api/v1/logs?since=${at(3)}`);
  expect(actors(first.body)).toEqual(['00u7', '00u8', '00u9']);
  const second = await okta.get(first.links.next ?? '');
  expect(second.body).toEqual([]);
  await okta.post('/api/v1/groups', { profile: { name: 'new' } });
  const third = await okta.get(second.links.next ?? '');
  expect(third.body.map((event: { eventType: string }) => event.eventType)).toEqual(['group.lifecycle.create']);
  expect(third.links.next).toBeDefined();
});

const filtered = async (filter: string): Promise<string[]> =>
  actors((await okta.get(`/api/v1/logs?until=${TEST_NOW}&filter=${encodeURIComponent(filter)}`)).body);

test('filters reach any attribute, elements of arrays among them', async () => {
  expect(await filtered('eventType eq "user.session.start" and outcome.result eq "FAILURE"')).toEqual(['00u0', '00u2']);
  expect(await filtered('target.id eq "t4" or actor.alternateId sw "u5"')).toEqual(['00u4', '00u5']);
  expect(await filtered('not (outcome.result eq "SUCCESS")')).toEqual(['00u0', '00u1', '00u2']);
  expect(await filtered('eventType ne "user.session.start" and actor.id ge "00u7"')).toEqual(['00u7', '00u9']);
});

test('keywords are all looked for, whatever their case', async () => {
  expect(actors((await okta.get(`/api/v1/logs?until=${TEST_NOW}&q=U4@example.com%20LOGIN`)).body)).toEqual(['00u4']);
});

test.each([
  ['filter=published%20gt%20%222026%22', 'E0000053'],
  ['filter=debugContext.debugData.url%20co%20%22x%22', 'E0000053'],
  ['filter=nonsense', 'E0000053'],
  ['since=yesterday', 'E0000001'],
  ['sortOrder=SIDEWAYS', 'E0000001'],
  ['since=2026-02-28T00:00:00Z&after=1_p1', 'E0000001'],
  ['after=nonsense', 'E0000029'],
  ['q=a+b+c+d+e+f+g+h+i+j+k', 'E0000001'],
])('%s is refused', async (query, code) => {
  const refused = await okta.get(`/api/v1/logs?${query}`);
  expect([refused.status, refused.code]).toEqual([400, code]);
});
