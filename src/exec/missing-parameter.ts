import type { Missing } from '../plan/access-path.ts';
import type { Occurrence } from '../plan/types.ts';
import { location, text } from '../sql/tree.ts';
import { OrgqlError } from '../util/errors.ts';

/** The parameter to ask for: what a list needs, before the key that a look-up needs. */
export function mostTelling(occurrence: Occurrence, missing: readonly Missing[]): string | undefined {
  const { identity = {}, key = [] } = occurrence.relation.overlay.relation;
  return (missing.find((entry) => !key.includes(identity[entry.parameter] ?? '')) ?? missing[0])?.parameter;
}

export function missingParameter(source: string, occurrence: Occurrence, parameter = 'a key'): OrgqlError {
  const { relation } = occurrence;
  const at = location(occurrence.node) ?? 0;
  const offset = Buffer.from(source).subarray(0, at).toString().length;
  const method = relation.methods.find(
    (candidate) => candidate.verbs.includes('SELECT') && candidate.parameters.some((own) => own.name === parameter && own.required),
  );
  const parent = relation.overlay.relation.parents?.[parameter];
  const alias = text(occurrence.node, 'alias') || relation.name;
  const join =
    parent === undefined
      ? `JOIN ... ON ${alias}.${parameter} = ...`
      : `JOIN ${parent.relation} p ON ${alias}.${parameter} = p.${parent.column}`;
  return new OrgqlError('required_parameter_missing', `${relation.id} needs a value for "${parameter}"`, {
    ...(method === undefined
      ? {}
      : { detail: `it is read one ${parameter.replace(/Id$/, '')} at a time (${method.http.verb} ${method.http.path})` }),
    hint: `add  WHERE ${parameter} = '...'  or join:  ${join}`,
    source,
    span: { offset, length: /^[\w$."]+/.exec(source.slice(offset))?.[0].length ?? 1 },
  });
}
