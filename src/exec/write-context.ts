import type { Relation } from '../catalog/types.ts';
import type { Clock } from '../http/types.ts';
import type { NameSlice, TextSlice } from '../sql/statement.ts';
import { OrgqlError, withParts } from '../util/errors.ts';
import type { Environment, RunQuery } from './environment.ts';

/** What the executors of everything but queries work with. */
export interface StatementContext {
  readonly environment: Environment;
  /** Runs the queries inside a statement: sources, targets, conditions, RETURNING. */
  readonly runQuery: RunQuery;
  readonly clock: Clock;
}

/** What a dotted name of a statement stands for. */
export type Target =
  | { readonly kind: 'relation'; readonly relation: Relation }
  | { readonly kind: 'local'; readonly name: string; readonly schema: string | undefined };

/** Schemas of the engine that a name may begin with. */
const LOCAL_SCHEMAS = ['local', 'temp', 'main', 'memory'];

/**
 * The relation that a name means, `USE` taken into account, else a local object of that name.
 * Throws `unknown_provider`, `unknown_service`, `unknown_relation` for a name of three parts that nothing has.
 */
export async function resolveTarget(environment: Environment, name: NameSlice): Promise<Target> {
  const [first = '', ...rest] = name.parts;
  if (rest.length > 0 && LOCAL_SCHEMAS.includes(first.toLowerCase())) return { kind: 'local', name: rest.at(-1) ?? '', schema: first };
  const full = name.parts.length >= 3 ? name.parts : [...environment.scope(), ...name.parts];
  const [provider, service, resource] = full;
  if (full.length === 3 && provider !== undefined && service !== undefined && resource !== undefined) {
    try {
      return { kind: 'relation', relation: await environment.catalog.relation(provider, service, resource) };
    } catch (error) {
      const isMiss = error instanceof OrgqlError && ['unknown_provider', 'unknown_service', 'unknown_relation'].includes(error.code);
      if (name.parts.length === 3 || !isMiss) throw located(error, name);
    }
  }
  if (name.parts.length === 1) return { kind: 'local', name: first, schema: undefined };
  throw located(
    new OrgqlError('unknown_relation', `No relation is called ${name.parts.join('.')}`, {
      detail: 'A relation has a name of three parts: provider.service.resource',
      hint:
        full.length === 2
          ? `name the provider too, such as okta.${full.join('.')}, or say USE first`
          : 'SHOW RESOURCES IN provider.service lists the names',
    }),
    name,
  );
}

/** The relation that a name means. Throws `unknown_relation` where it is a local object. */
export async function resolveRelation(environment: Environment, name: NameSlice): Promise<Relation> {
  const target = await resolveTarget(environment, name);
  if (target.kind === 'relation') return target.relation;
  throw located(
    new OrgqlError('unknown_relation', `${name.parts.join('.')} is no relation of a provider`, {
      hint: 'give its whole name, provider.service.resource, or say USE provider.service first',
    }),
    name,
  );
}

/** The error with the place in the statement that it is about, where it tells none itself. */
export function located(error: unknown, slice: TextSlice): unknown {
  if (!(error instanceof OrgqlError) || error.span !== undefined) return error;
  return withParts(error, { span: { offset: slice.offset, length: slice.text.length } });
}
