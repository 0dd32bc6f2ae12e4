import { expect } from 'vitest';
import { serviceMethods } from './harness.ts';

serviceMethods('linkedobject', {}, (method) => {
  method('linkedobject.idps', ['insert', 'get', 'list', 'delete'], 'makes and removes a kind of link', async (org) => {
    const insert = `INSERT INTO okta.linkedobject.idps (data__primary, data__associated)
      VALUES ('{"name": "manager", "title": "Manager", "type": "USER"}', '{"name": "subordinate", "title": "Subordinate", "type": "USER"}')`;
    await org.run(insert);
    expect(await org.refusal(insert)).toBe('E0000001 409');
    expect(await org.list(`SELECT "primary"->>'title' FROM okta.linkedobject.idps`)).toEqual(['Manager']);
    expect(await org.text(`SELECT associated->>'name' FROM okta.linkedobject.idps WHERE linkedObjectName = 'manager'`)).toBe('subordinate');
    await org.run(`DELETE FROM okta.linkedobject.idps WHERE linkedObjectName = 'manager'`);
    expect(await org.rows('SELECT "primary" FROM okta.linkedobject.idps')).toEqual([]);
    expect(org.events()).toEqual(['directory.linked_object.create', 'directory.linked_object.delete']);
  });
});
