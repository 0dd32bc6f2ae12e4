import { expect } from 'vitest';
import { newUser, PASSWORD } from './fixtures.ts';
import { serviceMethods } from './harness.ts';

serviceMethods('session', {}, (method) => {
  method('session.sessions', ['insert', 'get', 'refresh', 'delete'], 'opens, prolongs and ends a session', async (org) => {
    const userId = await newUser(org, 'ada');
    const { sessionToken } = await org.post('/api/v1/authn', { username: 'ada@example.com', password: PASSWORD });
    const insert = `INSERT INTO okta.session.sessions (data__sessionToken) VALUES ('${String(sessionToken)}')`;
    const id = await org.text(`${insert} RETURNING id`);
    expect(await org.refusal(insert)).toBe('E0000004 401');
    const expiresAt = `SELECT expiresAt FROM okta.session.sessions WHERE sessionId = '${id}'`;
    const before = await org.text(expiresAt);
    org.advance(3_600_000);
    expect(await org.row(`EXEC okta.session.sessions.refresh @sessionId = '${id}', @subdomain = 'lab'`)).toMatchObject({ id, userId });
    expect(Date.parse(await org.text(expiresAt))).toBeGreaterThan(Date.parse(before));
    await org.run(`DELETE FROM okta.session.sessions WHERE sessionId = '${id}'`);
    expect(await org.rows(`SELECT id FROM okta.session.sessions WHERE sessionId = '${id}'`)).toEqual([]);
    expect(await org.refusal(`EXEC okta.session.sessions.refresh @sessionId = '${id}'`)).toBe('E0000007 404');
    expect(org.events().slice(-2)).toEqual(['user.session.start', 'user.session.end']);
  });
});
