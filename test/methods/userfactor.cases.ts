import { expect } from 'vitest';
import { newUser } from './fixtures.ts';
import { type MethodOrg, serviceMethods } from './harness.ts';

const enroll = (org: MethodOrg, userId: string, factorType: string, profile: object): Promise<string> =>
  org.text(
    `INSERT INTO okta.userfactor.factors (userId, data__factorType, data__provider, data__profile) VALUES ('${userId}', '${factorType}', 'OKTA', $profile) RETURNING id`,
    {
      profile: JSON.stringify(profile),
    },
  );

serviceMethods('userfactor', {}, (method) => {
  method(
    'userfactor.factors',
    ['insert', 'get', 'list', 'activate', 'verify', 'delete'],
    'enrolls, activates, uses and removes a factor',
    async (org) => {
      const userId = await newUser(org, 'ada');
      const id = await enroll(org, userId, 'sms', { phoneNumber: '+46701234567' });
      const call = `@userId = '${userId}', @factorId = '${id}'`;
      expect(await org.text(`SELECT status FROM okta.userfactor.factors WHERE userId = '${userId}' AND factorId = '${id}'`)).toBe(
        'PENDING_ACTIVATION',
      );
      expect(await org.refusal(`EXEC okta.userfactor.factors.verify ${call}`)).toBe('E0000107 403');
      expect(await org.refusal(`EXEC okta.userfactor.factors.activate ${call}, @@json = '{"passCode": "000000"}'`)).toBe('E0000068 403');
      expect(await org.row(`EXEC okta.userfactor.factors.activate ${call}, @@json = '{"passCode": "123456"}'`)).toMatchObject({
        id,
        status: 'ACTIVE',
      });
      expect(await org.refusal(`EXEC okta.userfactor.factors.activate ${call}, @@json = '{"passCode": "123456"}'`)).toBe('E0000107 403');
      expect(await org.row(`EXEC okta.userfactor.factors.verify ${call}, @@json = '{"passCode": "123456"}'`)).toMatchObject({
        factorResult: 'SUCCESS',
      });
      expect(await org.refusal(`EXEC okta.userfactor.factors.verify ${call}, @@json = '{"passCode": "654321"}'`)).toBe('E0000068 403');
      expect(await org.rows(`SELECT factorType, status FROM okta.userfactor.factors WHERE userId = '${userId}'`)).toEqual([
        { factorType: 'sms', status: 'ACTIVE' },
      ]);
      await org.run(`DELETE FROM okta.userfactor.factors WHERE userId = '${userId}' AND factorId = '${id}'`);
      expect(await org.rows(`SELECT id FROM okta.userfactor.factors WHERE userId = '${userId}'`)).toEqual([]);
      expect(await org.refusal(`DELETE FROM okta.userfactor.factors WHERE userId = '${userId}' AND factorId = '${id}'`)).toBe(
        'E0000007 404',
      );
      expect(org.events()).toEqual(
        expect.arrayContaining(['user.mfa.factor.activate', 'user.authentication.auth_via_mfa', 'user.mfa.factor.deactivate']),
      );
    },
  );

  method('userfactor.catalog', ['list'], 'says which factors a user may enroll', async (org) => {
    const userId = await newUser(org, 'bea');
    await enroll(org, userId, 'question', { question: 'disliked_food', answer: 'mayonnaise' });
    const catalog = await org.rows(`SELECT factorType, status FROM okta.userfactor.catalog WHERE userId = '${userId}'`);
    expect(catalog).toEqual(
      expect.arrayContaining([
        { factorType: 'question', status: 'ACTIVE' },
        { factorType: 'sms', status: 'NOT_SETUP' },
      ]),
    );
  });

  method('userfactor.questions', ['list'], 'lists the security questions', async (org) => {
    const userId = await newUser(org, 'cyd');
    expect(await org.list(`SELECT question FROM okta.userfactor.questions WHERE userId = '${userId}'`)).toContain('disliked_food');
  });

  method('userfactor.transactions', ['get'], 'follows a push until its user approves', async (org) => {
    const userId = await newUser(org, 'dan');
    const id = await enroll(org, userId, 'push', {});
    await org.row(`EXEC okta.userfactor.factors.activate @userId = '${userId}', @factorId = '${id}'`);
    const { _links: links } = await org.row(`EXEC okta.userfactor.factors.verify @userId = '${userId}', @factorId = '${id}'`);
    const poll = (JSON.parse(String(links)) as { poll: { href: string } }).poll.href;
    const transactionId = decodeURIComponent(poll.slice(poll.lastIndexOf('/') + 1));
    const state = `SELECT factorResult FROM okta.userfactor.transactions WHERE userId = '${userId}' AND factorId = '${id}' AND transactionId = '${transactionId}'`;
    expect(await org.text(state)).toBe('WAITING');
    org.advance(10_000);
    expect(await org.text(state)).toBe('SUCCESS');
  });
});
