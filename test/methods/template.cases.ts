import { expect } from 'vitest';
import { serviceMethods } from './harness.ts';

/** What a code stands in for. */
const CODE = `\${code}`;

serviceMethods('template', {}, (method) => {
  method(
    'template.sms',
    ['insert', 'get', 'list', 'partialUpdate', 'update', 'delete'],
    'makes, changes and removes a text',
    async (org) => {
      const id = await org.text(
        `INSERT INTO okta.template.sms (data__name, data__type, data__template, translations) VALUES ('Code', 'SMS_VERIFY_CODE', 'It is ${CODE}', '{"es": "Es ${CODE}"}') RETURNING id`,
      );
      const read = `SELECT name, template, translations FROM okta.template.sms WHERE templateId = '${id}'`;
      expect(await org.row(read)).toEqual({ name: 'Code', template: `It is ${CODE}`, translations: `{"es":"Es ${CODE}"}` });
      expect(
        await org.row(`EXEC okta.template.sms.partialUpdate @templateId = '${id}', @@json = '{"translations": {"de": "Er ist ${CODE}"}}'`),
      ).toMatchObject({ name: 'Code' });
      expect(JSON.parse(String((await org.row(read)).translations))).toEqual({ es: `Es ${CODE}`, de: `Er ist ${CODE}` });
      await org.run(`UPDATE okta.template.sms SET name = 'Kod' WHERE id = '${id}'`);
      expect(
        await org.row(
          `EXEC okta.template.sms.update @templateId = '${id}', @@json = '{"name": "C", "type": "SMS_VERIFY_CODE", "template": "${CODE}!"}'`,
        ),
      ).toMatchObject({ template: `${CODE}!` });
      await org.run(`REPLACE okta.template.sms SET name = 'D', type = 'SMS_VERIFY_CODE', template = '${CODE}?' WHERE templateId = '${id}'`);
      expect(await org.row(read)).toEqual({ name: 'D', template: `${CODE}?`, translations: null });
      expect(await org.list('SELECT name FROM okta.template.sms ORDER BY name')).toEqual(['D', 'Default']);
      expect(await org.refusal(`UPDATE okta.template.sms SET template = 'no code' WHERE id = '${id}'`)).toBe('E0000001 400');
      await org.run(`DELETE FROM okta.template.sms WHERE templateId = '${id}'`);
      expect(await org.rows(read)).toEqual([]);
      expect(org.events().at(-1)).toBe('system.sms.template.delete');
    },
  );
});
