import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { FAMILIES } from '../../src/emulator/families.ts';
import { createRouter } from '../../src/emulator/router.ts';
import { scopeOf } from '../../src/emulator/scopes.ts';

interface Operation {
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}
const { paths } = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@okta/openapi/dist/spec.json'), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const operations = Object.entries(paths).flatMap(([template, methods]) =>
  Object.entries(methods)
    .filter(([method]) => ['get', 'post', 'put', 'delete'].includes(method))
    .map(([method, operation]) => ({ method: method.toUpperCase(), path: template.split('?')[0] ?? template, operation })),
);
const router = createRouter(FAMILIES);

test('every operation of the specification has a route', () => {
  const missing = operations.filter(({ method, path }) => {
    try {
      router.match(method, path.replace(/\{[^}]+\}/g, 'x1'));
      return false;
    } catch {
      return true;
    }
  });
  expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

test('every operation asks for the scope that the specification names', () => {
  const wrong: string[] = [];
  for (const { method, path, operation } of operations) {
    const named = (operation.security ?? []).flatMap((entry) => Object.values(entry).flat());
    const { route } = router.match(method, path.replace(/\{[^}]+\}/g, 'x1'));
    const asked = route.scope ?? scopeOf(method, path);
    if (named.length > 0 && !named.includes(String(asked))) wrong.push(`${method} ${path}: ${String(asked)}, not ${named.join(' ')}`);
  }
  expect(wrong).toEqual([]);
});
