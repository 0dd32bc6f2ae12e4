import { expect } from 'vitest';
import { certificateOf, makeKeyPair } from '../../src/emulator/families/apps/certificates.ts';
import { newProvider, newUser, IDP_POLICY as POLICY, IDP_PROTOCOL as PROTOCOL } from './fixtures.ts';
import { serviceMethods } from './harness.ts';

/** A certificate in base64, signed by itself. */
function certificate(): string {
  const from = Date.parse('2026-01-01T00:00:00Z');
  return certificateOf({ subject: 'idp', from, until: from + 365 * 86_400_000, ...makeKeyPair() }).toString('base64');
}

serviceMethods('identityprovider', {}, (method) => {
  method(
    'identityprovider.idps',
    ['insert', 'get', 'list', 'update', 'activate', 'deactivate', 'delete'],
    'makes, switches and removes a provider',
    async (org) => {
      const id = await newProvider(org, 'Partner');
      const read = `SELECT name, type, status FROM okta.identityprovider.idps WHERE idpId = '${id}'`;
      expect(await org.row(read)).toEqual({ name: 'Partner', type: 'OIDC', status: 'ACTIVE' });
      const body = JSON.stringify({ type: 'OIDC', name: 'P2', protocol: PROTOCOL, policy: POLICY });
      expect(await org.row(`EXEC okta.identityprovider.idps.update @idpId = '${id}', @@json = '${body}'`)).toMatchObject({
        id,
        name: 'P2',
      });
      await org.run(`UPDATE okta.identityprovider.idps SET name = 'P3' WHERE id = '${id}'`);
      await org.run(
        `REPLACE okta.identityprovider.idps SET type = 'OIDC', name = 'P4', protocol = $protocol, policy = $policy WHERE idpId = '${id}'`,
        {
          protocol: JSON.stringify(PROTOCOL),
          policy: JSON.stringify(POLICY),
        },
      );
      expect(await org.list(`SELECT name FROM okta.identityprovider.idps WHERE type = 'OIDC'`)).toEqual(['P4']);
      await org.run(`EXEC okta.identityprovider.idps.deactivate @idpId = '${id}'`);
      expect(await org.row(read)).toMatchObject({ status: 'INACTIVE' });
      await org.run(`EXEC okta.identityprovider.idps.activate @idpId = '${id}'`);
      expect(await org.row(read)).toMatchObject({ status: 'ACTIVE' });
      await org.run(`DELETE FROM okta.identityprovider.idps WHERE idpId = '${id}'`);
      expect(await org.rows(read)).toEqual([]);
      for (const name of ['activate', 'deactivate'])
        expect(await org.refusal(`EXEC okta.identityprovider.idps.${name} @idpId = '${id}'`)).toBe('E0000007 404');
      expect(org.events()).toEqual([
        'system.idp.lifecycle.create',
        'system.idp.lifecycle.update',
        'system.idp.lifecycle.update',
        'system.idp.lifecycle.update',
        'system.idp.lifecycle.deactivate',
        'system.idp.lifecycle.activate',
        'system.idp.lifecycle.delete',
      ]);
    },
  );

  method('identityprovider.keys', ['insert', 'get', 'list', 'delete'], 'trusts a certificate, once', async (org) => {
    const insert = `INSERT INTO okta.identityprovider.keys (data__x5c) VALUES ('["${certificate()}"]')`;
    const kid = await org.text(`${insert} RETURNING kid`);
    expect(await org.refusal(insert)).toMatch(/^E0000096 /);
    expect(await org.list('SELECT kid FROM okta.identityprovider.keys')).toEqual([kid]);
    expect(await org.text(`SELECT kty FROM okta.identityprovider.keys WHERE keyId = '${kid}'`)).toBe('RSA');
    await org.run(`DELETE FROM okta.identityprovider.keys WHERE keyId = '${kid}'`);
    expect(await org.rows(`SELECT kid FROM okta.identityprovider.keys WHERE keyId = '${kid}'`)).toEqual([]);
  });

  method('identityprovider.idpkeys', ['insert', 'get', 'list', 'clone'], 'makes a signing key and shares it', async (org) => {
    const [one, two] = [await newProvider(org, 'One'), await newProvider(org, 'Two')];
    const kid = await org.text(`INSERT INTO okta.identityprovider.idpkeys (idpId, validityYears) VALUES ('${one}', 3) RETURNING kid`);
    expect(await org.list(`SELECT kid FROM okta.identityprovider.idpkeys WHERE idpId = '${one}'`)).toEqual([kid]);
    const clone = `EXEC okta.identityprovider.idpkeys.clone @idpId = '${one}', @keyId = '${kid}', @targetIdpId = '${two}'`;
    expect(await org.row(clone)).toMatchObject({ kid });
    expect(await org.text(`SELECT kid FROM okta.identityprovider.idpkeys WHERE idpId = '${two}' AND keyId = '${kid}'`)).toBe(kid);
    expect(await org.refusal(clone)).toBe('E0000001 400');
  });

  method('identityprovider.csrs', ['insert', 'get', 'list', 'delete'], 'asks for a certificate and takes the request back', async (org) => {
    const idp = await newProvider(org, 'Three');
    const id = await org.text(
      `INSERT INTO okta.identityprovider.csrs (idpId, data__subject) VALUES ('${idp}', '{"countryName": "SE", "commonName": "sp.example.com"}') RETURNING id`,
    );
    expect(await org.list(`SELECT id FROM okta.identityprovider.csrs WHERE idpId = '${idp}'`)).toEqual([id]);
    expect(await org.text(`SELECT csr FROM okta.identityprovider.csrs WHERE idpId = '${idp}' AND csrId = '${id}'`)).toMatch(/^MII/);
    await org.run(`DELETE FROM okta.identityprovider.csrs WHERE idpId = '${idp}' AND csrId = '${id}'`);
    expect(await org.rows(`SELECT id FROM okta.identityprovider.csrs WHERE idpId = '${idp}'`)).toEqual([]);
  });

  method('identityprovider.users', ['insert', 'get', 'list', 'delete'], 'links a user to a provider', async (org) => {
    const [idp, user] = [await newProvider(org, 'Four'), await newUser(org, 'ada')];
    await org.run(`INSERT INTO okta.identityprovider.users (idpId, userId, data__externalId) VALUES ('${idp}', '${user}', 'ext-1')`);
    expect(await org.rows(`SELECT id, externalId FROM okta.identityprovider.users WHERE idpId = '${idp}'`)).toEqual([
      { id: user, externalId: 'ext-1' },
    ]);
    expect(await org.text(`SELECT externalId FROM okta.identityprovider.users WHERE idpId = '${idp}' AND userId = '${user}'`)).toBe(
      'ext-1',
    );
    await org.run(`DELETE FROM okta.identityprovider.users WHERE idpId = '${idp}' AND userId = '${user}'`);
    expect(await org.rows(`SELECT id FROM okta.identityprovider.users WHERE idpId = '${idp}'`)).toEqual([]);
    expect(org.events().slice(-2)).toEqual(['user.account.link_idp', 'user.account.unlink_idp']);
  });

  method('identityprovider.usertokens', ['list'], 'shows what the provider gave for a user', async (org) => {
    const [idp, user] = [await newProvider(org, 'Five'), await newUser(org, 'bea')];
    await org.run(`INSERT INTO okta.identityprovider.users (idpId, userId, externalId) VALUES ('${idp}', '${user}', 'ext-2')`);
    const where = `WHERE idpId = '${idp}' AND userId = '${user}'`;
    expect(await org.rows(`SELECT tokenType, scopes FROM okta.identityprovider.usertokens ${where}`)).toEqual([
      { tokenType: 'urn:ietf:params:oauth:token-type:access_token', scopes: '["openid","email"]' },
    ]);
  });
});
