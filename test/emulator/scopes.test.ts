import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { oktaScopes } from '../../providers/okta/scopes.ts';
import { FAMILIES } from '../../src/emulator/families.ts';
import { createRouter } from '../../src/emulator/router.ts';
import { scopeOf } from '../../src/emulator/scopes.ts';

const { paths } = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@okta/openapi/dist/spec.json'), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};
const operations = Object.entries(paths).flatMap(([template, methods]) =>
  Object.keys(methods)
    .filter((method) => ['get', 'post', 'put', 'delete'].includes(method))
    .map((method) => ({ method: method.toUpperCase(), path: template.split('?')[0] ?? template })),
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

test('every operation asks for the scope that the provider names for it', () => {
  const wrong: string[] = [];
  for (const { method, path } of operations) {
    const [named] = oktaScopes(method, path);
    const { route } = router.match(method, path.replace(/\{[^}]+\}/g, 'x1'));
    const asked = route.scope ?? scopeOf(method, path);
    if (named !== undefined && asked !== named) wrong.push(`${method} ${path}: ${String(asked)}, not ${named}`);
  }
  expect(wrong).toEqual([]);
});
