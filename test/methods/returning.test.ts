import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newGroup } from './fixtures.ts';
import { type MethodOrg, openMethodOrg } from './harness.ts';

let org: MethodOrg;
beforeEach(async () => {
  org = await openMethodOrg();
});
afterEach(() => org.close());

const newZone = (name: string): Promise<string> =>
  org.text(`INSERT INTO okta.networkzone.zones (type, name, status) VALUES ('IP', '${name}', 'INACTIVE') RETURNING id`);

describe('RETURNING', () => {
  it('of UPDATE and REPLACE gives the rows as they are after', async () => {
    const id = await newZone('A');
    expect(
      await org.rows(`UPDATE okta.networkzone.zones SET name = name || '!' WHERE name = 'A' RETURNING name, upper(name) AS loud, zoneId`),
    ).toEqual([{ name: 'A!', loud: 'A!', zoneId: id }]);
    expect(
      await org.rows(
        `REPLACE okta.networkzone.zones SET type = 'IP', name = 'B' WHERE zoneId = '${id}' RETURNING name, gateways, subdomain`,
      ),
    ).toEqual([{ name: 'B', gateways: null, subdomain: 'lab' }]);
  });

  it('of INSERT gives hidden columns, and with * those that DESCRIBE shows, beside an expression too', async () => {
    expect(
      await org.rows(
        `INSERT INTO okta.domain.domains (domain, certificateSourceType) VALUES ('a.example.com', 'MANUAL') RETURNING validationStatus`,
      ),
    ).toEqual([{ validationStatus: 'NOT_STARTED' }]);
    const described = await org.list('DESCRIBE okta.networkzone.zones');
    const insert = (name: string): string => `INSERT INTO okta.networkzone.zones (type, name) VALUES ('IP', '${name}') RETURNING`;
    expect(Object.keys(await org.row(`${insert('C')} *`))).toEqual(described);
    expect(Object.keys(await org.row(`${insert('D')} *, lower(name) AS low`))).toEqual([...described, 'low']);
  });

  it('of DELETE gives the rows as they were before, which are read where a key alone does not say', async () => {
    const [one, two] = [await newZone('E'), await newZone('F')];
    await newZone('G');
    expect(await org.rows(`DELETE FROM okta.networkzone.zones WHERE zoneId = '${one}' RETURNING id, name, status, created`)).toEqual([
      { id: one, name: 'E', status: 'INACTIVE', created: expect.stringMatching(/^2026-03-01T12:/) },
    ]);
    const both = await org.rows(`DELETE FROM okta.networkzone.zones AS z WHERE z.name IN ('F', 'G') RETURNING lower(z.name) AS low, type`);
    expect(both.map(({ low, type }) => `${String(low)} ${String(type)}`).sort()).toEqual(['f IP', 'g IP']);
    expect(await org.rows(`SELECT id FROM okta.networkzone.zones WHERE zoneId = '${two}'`)).toEqual([]);
    expect(await org.rows(`DELETE FROM okta.networkzone.zones WHERE zoneId = '${one}' RETURNING name`)).toEqual([]);
  });

  it('of DELETE that names only parameters reads nothing', async () => {
    const group = await newGroup(org, 'Sales');
    expect(await org.rows(`DELETE FROM okta.group.groups WHERE groupId = '${group}' RETURNING id, groupId`)).toEqual([
      { id: group, groupId: group },
    ]);
    expect(org.called.has('okta.group.groups.get')).toBe(false);
  });
});
