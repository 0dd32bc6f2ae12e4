/* The first rows of a list that the server sorts by one key, where rows tie over several pages. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { listen } from '../../src/emulator/listen.ts';
import { makeUser } from '../../src/emulator/seeds/make-user.ts';
import { openSession } from '../../src/session.ts';
import type { Session } from '../../src/session-types.ts';
import { runQuery } from '../tasks/open-org.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const PAGE = 10;

let session: Session;
let pages = 0;
let close: () => Promise<void>;

beforeAll(async () => {
  const emulator = createEmulator({
    now: NOW,
    rateLimits: 'off',
    random: 5,
    seed: (org) => {
      for (let index = 0; index < 60; index++) {
        // Of sixty, 25 were created in the same moment.
        const created = NOW - (index < 25 ? 30 : index + 60) * 86_400_000;
        makeUser(org, {
          status: index % 3 === 0 ? 'STAGED' : 'ACTIVE',
          created,
          lastUpdated: created,
          statusChanged: created,
          lastLogin: null,
          profile: { firstName: 'A', lastName: `L${(index * 7) % 60}`, login: `u${index}@example.com`, email: `u${index}@example.com` },
        });
      }
    },
  });
  const listening = await listen((request) => {
    const url = new URL(request.url);
    if (Number(url.searchParams.get('limit') ?? 0) > PAGE) url.searchParams.set('limit', String(PAGE));
    pages++;
    return emulator.handle({ ...request, url: url.href });
  }, emulator.org);
  session = await openSession({
    orgs: [
      { name: 't', provider: 'okta', orgUrl: listening.url, secret: { kind: 'literal', value: emulator.token }, budget: 1, origin: 'test' },
    ],
    now: NOW,
  });
  close = listening.close;
});

afterAll(async () => {
  await session.close();
  await close();
});

test.each([
  ['DESC', 3, 0, 3],
  ['DESC', 12, 4, 3],
  ['DESC', 25, 0, 3],
  ['DESC', 26, 0, 3],
  ['ASC', 3, 0, 1],
  ['ASC', 36, 0, 6],
  ['ASC', 2, 58, 6],
])(
  'ORDER BY created %s with LIMIT %i OFFSET %i has the right rows of all that tie, in %i pages',
  async (direction, limit, offset, most) => {
    for (const where of ['TRUE', "status = 'ACTIVE'", "profile.lastName < 'L4'"]) {
      const sql = `SELECT id FROM okta.user.users WHERE ${where} ORDER BY created ${direction}, profile.lastName DESC LIMIT ${limit} OFFSET ${offset}`;
      const expected = (await runQuery(session, sql, { pushdown: false })).rows;
      pages = 0;
      expect((await runQuery(session, sql)).rows, sql).toEqual(expected);
      if (where === 'TRUE') expect(pages).toBe(most);
      const inside = (await runQuery(session, `SELECT * FROM (${sql}) x`)).rows;
      expect([...inside].sort(), sql).toEqual([...expected].sort());
    }
  },
);
