import { expect } from 'vitest';
import { newBookmark } from './fixtures.ts';
import { serviceMethods } from './harness.ts';

serviceMethods('profilemapping', {}, (method) => {
  method('profilemapping.mappings', ['get', 'list', 'insert'], 'changes how a profile goes from an app to Okta', async (org) => {
    const app = await newBookmark(org, 'Source');
    const id = await org.text(`SELECT id FROM okta.profilemapping.mappings WHERE source->>'id' = '${app}'`);
    const read = `SELECT properties->'nickName'->>'expression' AS e, properties->'title'->>'expression' AS t FROM okta.profilemapping.mappings WHERE mappingId = '${id}'`;
    await org.run(
      `INSERT INTO okta.profilemapping.mappings (mappingId, data__properties) VALUES ('${id}', '{"nickName": {"expression": "appuser.nick", "pushStatus": "DONT_PUSH"}}')`,
    );
    expect(await org.row(read)).toEqual({ e: 'appuser.nick', t: null });
    await org.run(`UPDATE okta.profilemapping.mappings SET properties = '{"title": {"expression": "appuser.title"}}' WHERE id = '${id}'`);
    expect(await org.row(read)).toEqual({ e: 'appuser.nick', t: 'appuser.title' });
    expect(
      await org.refusal(
        `INSERT INTO okta.profilemapping.mappings (mappingId, properties) VALUES ('${id}', '{"noSuch": {"expression": "x"}}')`,
      ),
    ).toBe('E0000001 400');
    expect(org.events().filter((type) => type === 'directory.mapping.update').length).toBe(2);
  });
});
