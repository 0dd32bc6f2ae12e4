import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Finds the specification's operation of a request. */
export interface Scope {
  /** The path template, or `undefined` where the specification has no such operation. */
  templateOf(method: string, path: string): string | undefined;
  /** Whether the operation takes a body. */
  takesBody(method: string, template: string): boolean;
}

interface Specification {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly parameters?: readonly { readonly in: string }[] }>>>>;
}

/** The operations of the npm package `@okta/openapi`, and the primary authentication that its sessions build on. */
export function readScope(): Scope {
  const file = createRequire(import.meta.url).resolve('@okta/openapi/dist/spec.json');
  const { paths } = JSON.parse(readFileSync(file, 'utf8')) as Specification;
  const templates = Object.entries(paths).map(([template, operations]) => ({
    template,
    operations,
    pattern: new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`),
  }));
  templates.sort((a, b) => parameterCount(a.template) - parameterCount(b.template));
  return {
    templateOf(method, path) {
      const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
      const found = templates.find((one) => one.operations[method.toLowerCase()] !== undefined && one.pattern.test(trimmed));
      return found?.template ?? (/^\/api\/v1\/authn(\/|$)/.test(trimmed) ? trimmed : undefined);
    },
    takesBody(method, template) {
      const operation = paths[template]?.[method.toLowerCase()];
      return operation?.parameters?.some((parameter) => parameter.in === 'body') ?? false;
    },
  };
}

function parameterCount(template: string): number {
  return template.split('{').length;
}
