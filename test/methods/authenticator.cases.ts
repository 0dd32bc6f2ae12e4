import { expect } from 'vitest';
import { serviceMethods } from './harness.ts';

serviceMethods('authenticator', {}, (method) => {
  method(
    'authenticator.authenticators',
    ['get', 'list', 'activate', 'deactivate'],
    'switches an authenticator, but not the password',
    async (org) => {
      const idOf = (key: string): Promise<string> => org.text(`SELECT id FROM okta.authenticator.authenticators WHERE "key" = '${key}'`);
      const [webauthn, password, phone] = [await idOf('webauthn'), await idOf('okta_password'), await idOf('phone_number')];
      const status = `SELECT status FROM okta.authenticator.authenticators WHERE authenticatorId = '${webauthn}'`;
      expect(await org.row(`EXEC okta.authenticator.authenticators.activate @authenticatorId = '${webauthn}'`)).toMatchObject({
        status: 'ACTIVE',
      });
      expect(await org.text(status)).toBe('ACTIVE');
      await org.run(`EXEC okta.authenticator.authenticators.deactivate @authenticatorId = '${webauthn}'`);
      expect(await org.text(status)).toBe('INACTIVE');
      expect(await org.refusal(`EXEC okta.authenticator.authenticators.deactivate @authenticatorId = '${password}'`)).toBe('E0000001 400');
      expect(await org.refusal(`EXEC okta.authenticator.authenticators.activate @authenticatorId = '${phone}'`)).toMatch(/^E0000226 /);
      expect(org.events()).toEqual(['security.authenticator.lifecycle.activate', 'security.authenticator.lifecycle.deactivate']);
    },
  );
});
