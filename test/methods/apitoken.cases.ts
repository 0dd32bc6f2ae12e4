import { expect } from 'vitest';
import { serviceMethods } from './harness.ts';

serviceMethods('apitoken', { seed: 'demo' }, (method) => {
  method('apitoken.tokens', ['get', 'list', 'delete'], 'shows and revokes API tokens', async (org) => {
    const all = await org.list('SELECT id FROM okta.apitoken.tokens');
    const id = await org.text(
      `SELECT id FROM okta.apitoken.tokens WHERE userId <> '${org.emulator.org.apiTokens.find((token) => token.secret === org.emulator.token)?.userId}' LIMIT 1`,
    );
    expect(await org.text(`SELECT tokenWindow FROM okta.apitoken.tokens WHERE apiTokenId = '${id}'`)).toBe('P30D');
    await org.run(`DELETE FROM okta.apitoken.tokens WHERE apiTokenId = '${id}'`);
    expect((await org.list('SELECT id FROM okta.apitoken.tokens')).length).toBe(all.length - 1);
    expect(await org.refusal(`DELETE FROM okta.apitoken.tokens WHERE apiTokenId = '${id}'`)).toBe('E0000007 404');
    expect(org.events()).toEqual(['system.api_token.revoke']);
  });
});
