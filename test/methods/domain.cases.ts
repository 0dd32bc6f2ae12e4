import { expect } from 'vitest';
import { type MethodOrg, serviceMethods } from './harness.ts';

const newDomain = (org: MethodOrg, name: string): Promise<string> =>
  org.text(`INSERT INTO okta.domain.domains (data__domain, data__certificateSourceType) VALUES ('${name}', 'MANUAL') RETURNING id`);

serviceMethods('domain', {}, (method) => {
  method('domain.domains', ['insert', 'get', 'list', 'verify', 'delete'], 'makes, proves and removes a domain', async (org) => {
    const id = await newDomain(org, 'login.example.com');
    const read = `SELECT domain, validationStatus FROM okta.domain.domains WHERE domainId = '${id}'`;
    expect(await org.row(read)).toEqual({ domain: 'login.example.com', validationStatus: 'NOT_STARTED' });
    expect(await org.row(`EXEC okta.domain.domains.verify @domainId = '${id}'`)).toMatchObject({ validationStatus: 'VERIFIED' });
    expect(await org.refusal(`EXEC okta.domain.domains.verify @domainId = '${id}'`)).toBe('E0000001 400');
    expect(await org.list('SELECT domain FROM okta.domain.domains')).toContain('login.example.com');
    await org.run(`DELETE FROM okta.domain.domains WHERE domainId = '${id}'`);
    expect(await org.rows(read)).toEqual([]);
    expect(org.events()).toEqual([
      'system.custom_url_domain.initiate',
      'system.custom_url_domain.verify',
      'system.custom_url_domain.delete',
    ]);
  });

  method('domain.certificates', ['insert'], 'sets the certificate of a domain that is verified', async (org) => {
    const id = await newDomain(org, 'sso.example.com');
    const insert = `INSERT INTO okta.domain.certificates (domainId, data__type, data__certificate, data__certificateChain, data__privateKey) VALUES ('${id}', 'PEM', 'cert', 'chain', 'key')`;
    expect(await org.refusal(insert)).toBe('E0000001 400');
    await org.row(`EXEC okta.domain.domains.verify @domainId = '${id}'`);
    await org.run(insert);
    expect(
      await org.row(`SELECT validationStatus, publicCertificate->>'subject' AS subject FROM okta.domain.domains WHERE domainId = '${id}'`),
    ).toEqual({
      validationStatus: 'COMPLETED',
      subject: 'CN=sso.example.com',
    });
    await org.run(`REPLACE okta.domain.certificates SET type = 'PEM', certificate = 'c2', privateKey = 'k2' WHERE domainId = '${id}'`);
    expect(org.events().filter((type) => type === 'system.custom_url_domain.cert_upload').length).toBe(2);
  });
});
