import { expect } from 'vitest';
import { serviceMethods } from './harness.ts';

serviceMethods('feature', {}, (method) => {
  method(
    'feature.features',
    ['get', 'list', 'listFeatureDependencies', 'listFeatureDependents', 'updateFeatureLifecycle'],
    'turns a feature on after what it needs',
    async (org) => {
      const idOf = (name: string): Promise<string> => org.text(`SELECT id FROM okta.feature.features WHERE name = '${name}'`);
      const [apps, plugin, base] = [
        await idOf('Recently used apps'),
        await idOf('Recently used apps in the browser plugin'),
        await idOf('New End User Experience'),
      ];
      const names = async (methodName: string, id: string): Promise<readonly unknown[]> =>
        (await org.rows(`EXEC okta.feature.features.${methodName} @featureId = '${id}'`)).map((row) => row.id);
      expect([...(await names('listFeatureDependencies', plugin))].sort()).toEqual([apps, base].sort());
      expect([...(await names('listFeatureDependents', base))].sort()).toEqual([apps, plugin].sort());
      const change = (id: string, lifecycle: string, mode = ''): string =>
        `EXEC okta.feature.features.updateFeatureLifecycle @featureId = '${id}', @lifecycle = '${lifecycle}'${mode}`;
      expect(await org.refusal(change(plugin, 'ENABLE'))).toBe('E0000001 400');
      expect(await org.row(change(plugin, 'ENABLE', ", @mode = 'force'"))).toMatchObject({ id: plugin, status: 'ENABLED' });
      expect(await org.text(`SELECT status FROM okta.feature.features WHERE featureId = '${apps}'`)).toBe('ENABLED');
      expect(await org.refusal(change(apps, 'DISABLE'))).toBe('E0000001 400');
      // The feature itself and the two that it needs.
      expect(org.events()).toEqual(['system.feature.enable', 'system.feature.enable', 'system.feature.enable']);
    },
  );
});
