import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A schema of Swagger 2.0, as far as `@okta/openapi` uses them. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
  readonly readOnly?: boolean;
}

export interface Parameter extends Schema {
  readonly name: string;
  readonly in: 'path' | 'query' | 'body' | 'formData' | 'header';
  readonly required?: boolean;
  readonly schema?: Schema;
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Schemas of the responses by status; `undefined` for one without a body. */
  readonly responses: Readonly<Record<string, { readonly schema?: Schema }>>;
}

export interface Specification {
  readonly operations: readonly Operation[];
  /** The schema that a reference names; the schema itself if it is none. */
  resolve(schema: Schema): Schema;
}

interface Document {
  readonly definitions: Readonly<Record<string, Schema>>;
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly parameters?: readonly Parameter[]; readonly responses?: Operation['responses'] }>>>
  >;
}

export function readSpecification(): Specification {
  const file = createRequire(import.meta.url).resolve('@okta/openapi/dist/spec.json');
  const document = JSON.parse(readFileSync(file, 'utf8')) as Document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => ['get', 'post', 'put', 'delete'].includes(method))
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        parameters: operation.parameters ?? [],
        responses: operation.responses ?? {},
      })),
  );
  return {
    operations,
    resolve(schema) {
      let found = schema;
      while (found.$ref !== undefined) found = document.definitions[found.$ref.replace('#/definitions/', '')] ?? {};
      return found;
    },
  };
}
