import type { Method, Relation } from '../catalog/types.ts';
import { OrgqlError } from '../util/errors.ts';
import { quoteName, quotePath } from './compose.ts';

/** What a snapshot reads of a relation. */
export interface SnapshotQuery {
  readonly sql: string;
  readonly columns: readonly string[];
  /** Paths of values that are left out, since they are secrets. */
  readonly leftOut: readonly string[];
}

/**
 * Every row of a relation with every column, hidden ones too, and the keys of its parents, along which it is read. Secrets in the depth
 * of a column are left out by whoever runs it (`leaveOutSecrets`).
 * Throws `unsupported_syntax` for a relation that cannot be listed.
 */
export function snapshotQuery(relation: Relation, org: string): SnapshotQuery {
  const list = listMethod(relation);
  const secrets = (relation.overlay.relation.secrets ?? []).map((path) => path.split('.'));
  const kept = relation.columns.filter((column) => !column.secret);
  const names = new Set(kept.map((column) => column.name.toLowerCase()));
  const keys = parameters(relation, list).filter((name) => !names.has(name.toLowerCase()));
  const columns = [...keys, ...kept.map((column) => column.name)];
  const select = [...keys.map(quoteName), ...kept.map((column) => quoteName(column.name))];
  return {
    sql: `SELECT ${select.join(', ')} FROM ${quotePath(relation.id.split('.'))} WHERE subdomain = '${org.replaceAll("'", "''")}'`,
    columns,
    leftOut: [
      ...relation.columns.filter((column) => column.secret).map((column) => column.name),
      ...secrets.filter((path) => path.length > 1).map((path) => path.join('.')),
    ],
  };
}

function listMethod(relation: Relation): Method {
  const reading = relation.methods.filter((method) => method.verbs.includes('SELECT'));
  const { parents = {}, domains = {} } = relation.overlay.relation;
  const isReachable = (method: Method): boolean =>
    required(method).every(
      (name) =>
        parents[name] !== undefined || domains[name] !== undefined || relation.overlay.methods[method.name]?.defaults?.[name] !== undefined,
    );
  const found = reading.find((method) => method.name === 'list' && isReachable(method)) ?? reading.find(isReachable);
  if (found !== undefined) return found;
  const needs = reading.map((method) => required(method).join(', ')).filter((names) => names !== '');
  throw new OrgqlError('unsupported_syntax', `${relation.id} cannot be read whole`, {
    detail: needs.length === 0 ? 'It has no method that reads.' : `It is read by ${needs[0]}, and nothing lists every value of that.`,
    hint: 'Leave it out of the snapshot.',
  });
}

function required(method: Method): string[] {
  return method.parameters
    .filter((parameter) => parameter.required && parameter.location !== 'server' && parameter.default === undefined)
    .map((parameter) => parameter.name);
}

function parameters(relation: Relation, method: Method): string[] {
  const { parents = {}, domains = {} } = relation.overlay.relation;
  return required(method).filter((name) => parents[name] !== undefined || domains[name] !== undefined);
}
