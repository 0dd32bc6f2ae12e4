import { expect } from 'vitest';
import { serviceMethods } from './harness.ts';

serviceMethods('threatinsight', {}, (method) => {
  method('threatinsight.configuration', ['get'], 'shows what is done about malicious addresses', async (org) => {
    expect(await org.row('SELECT action, excludeZones, created FROM okta.threatinsight.configuration')).toEqual({
      action: 'none',
      excludeZones: '[]',
      // This endpoint alone writes its times so; what is no date-time stays the text that it is.
      created: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    });
  });
});
