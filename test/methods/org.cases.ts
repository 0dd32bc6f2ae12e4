import { expect } from 'vitest';
import { newUser } from './fixtures.ts';
import { serviceMethods } from './harness.ts';

serviceMethods('org', {}, (method) => {
  method('org.org', ['get', 'partialUpdate', 'update'], 'changes what the org says of itself', async (org) => {
    await org.row(`EXEC okta.org.org.partialUpdate @subdomain = 'lab', @@json = '{"city": "Lund", "website": "https://www.example.com"}'`);
    await org.run(`UPDATE okta.org.org SET country = 'SE' WHERE subdomain = 'lab'`);
    const read = 'SELECT companyName, city, country, website FROM okta.org.org';
    expect(await org.row(read)).toEqual({ companyName: 'lab', city: 'Lund', country: 'SE', website: 'https://www.example.com' });
    expect(
      await org.row(`EXEC okta.org.org.update @@json = '{"companyName": "Lab Ltd", "website": "https://lab.example.com"}'`),
    ).toMatchObject({ companyName: 'Lab Ltd', city: null });
    await org.run(`REPLACE okta.org.org SET companyName = 'Lab' WHERE subdomain = 'lab'`);
    expect(await org.row(read)).toEqual({ companyName: 'Lab', city: null, country: null, website: null });
    expect(await org.refusal(`EXEC okta.org.org.update @@json = '{"website": "https://lab.example.com"}'`)).toBe('E0000001 400');
  });

  method('org.contacts', ['get', 'list', 'update'], 'names who is billed', async (org) => {
    const user = await newUser(org, 'ada');
    expect(await org.list('SELECT contactType FROM okta.org.contacts')).toEqual(['BILLING', 'TECHNICAL']);
    await org.row(`EXEC okta.org.contacts.update @contactType = 'BILLING', @@json = '{"userId": "${user}"}'`);
    expect(await org.text(`SELECT userId FROM okta.org.contacts WHERE contactType = 'BILLING'`)).toBe(user);
    await org.run(`UPDATE okta.org.contacts SET userId = '${user}' WHERE contactType = 'TECHNICAL'`);
    expect(await org.text(`SELECT userId FROM okta.org.contacts WHERE contactType = 'TECHNICAL'`)).toBe(user);
    await org.run(`REPLACE okta.org.contacts SET userId = '${user}' WHERE contactType = 'BILLING'`);
    expect(await org.refusal(`EXEC okta.org.contacts.update @contactType = 'BILLING', @@json = '{"userId": "00unone"}'`)).toBe(
      'E0000007 404',
    );
  });

  method('org.preferences', ['get', 'hideEndUserFooter', 'showEndUserFooter'], 'hides and shows the footer', async (org) => {
    const read = 'SELECT showEndUserFooter FROM okta.org.preferences';
    expect(await org.row(`EXEC okta.org.preferences.hideEndUserFooter @subdomain = 'lab'`)).toMatchObject({ showEndUserFooter: false });
    expect(await org.row(read)).toEqual({ showEndUserFooter: false });
    await org.run('EXEC okta.org.preferences.showEndUserFooter');
    expect(await org.row(read)).toEqual({ showEndUserFooter: true });
  });

  method('org.oktacommunication', ['get', 'optIn', 'optOut'], 'lets Okta write to users or not', async (org) => {
    const read = 'SELECT optOutEmailUsers FROM okta.org.oktacommunication';
    await org.run('EXEC okta.org.oktacommunication.optOut');
    expect(await org.row(read)).toEqual({ optOutEmailUsers: true });
    await org.run('EXEC okta.org.oktacommunication.optIn');
    expect(await org.row(read)).toEqual({ optOutEmailUsers: false });
  });

  method(
    'org.oktasupport',
    ['get', 'grant', 'extend', 'revoke'],
    'lets Okta Support in for eight hours, and longer only while it is in',
    async (org) => {
      const read = 'SELECT support, expiration FROM okta.org.oktasupport';
      expect(await org.refusal('EXEC okta.org.oktasupport.extend')).toBe('E0000001 400');
      await org.run('EXEC okta.org.oktasupport.grant');
      const first = Date.parse(String((await org.row(read)).expiration));
      await org.run('EXEC okta.org.oktasupport.extend');
      expect(Date.parse(String((await org.row(read)).expiration)) - first).toBe(86_400_000);
      await org.run('EXEC okta.org.oktasupport.revoke');
      expect(await org.row(read)).toEqual({ support: 'DISABLED', expiration: null });
      expect(org.events()).toEqual([
        'user.session.impersonation.grant',
        'user.session.impersonation.extend',
        'user.session.impersonation.revoke',
      ]);
    },
  );
});
