import type { Json, Method, Relation } from '../catalog/types.ts';
import type { SqlValue } from '../engine/types.ts';
import type { MethodCall, OrgConnection } from '../http/types.ts';
import { OrgqlError } from '../util/errors.ts';
import type { Environment } from './environment.ts';
import { type BodyValue, buildBody } from './write-body.ts';
import { type ChosenMethod, type Clause, mandatoryParameters, missingNames } from './write-inputs.ts';
import type { PlannedCall } from './write-run.ts';
import { toBodyValue, toParameterValue } from './write-values.ts';

/** The value that is not sent at all: `DEFAULT` in a VALUES list. */
export const OMITTED: unique symbol = Symbol('omitted');
export type GivenValue = SqlValue | typeof OMITTED;

/** What one call is made of. */
export interface CallParts {
  readonly relation: Relation;
  readonly chosen: ChosenMethod;
  /** One value for each of the chosen method's inputs. */
  readonly values: readonly GivenValue[];
  readonly clause: Clause;
  /** A whole body (`@@json`, or an object read before), under the values given. */
  readonly body?: Json | undefined;
  /** The number of the row in its source, from 1, where there are several: for errors. */
  readonly row?: number | undefined;
}

/**
 * One request, every value turned into what its place takes. Nothing is sent.
 * Throws `type_mismatch`, `invalid_parameter_value`, `required_parameter_missing`, `unknown_org`.
 */
export async function planCall(environment: Environment, parts: CallParts): Promise<PlannedCall> {
  const { relation, chosen, values } = parts;
  const { method } = chosen;
  const where = parts.row === undefined ? '' : ` (row ${parts.row})`;
  const parameters: Record<string, string | readonly string[]> = {};
  const body: BodyValue[] = [];
  let subdomain: string | undefined;
  chosen.inputs.forEach((input, index) => {
    const value = values[index] ?? null;
    if (value === OMITTED) return;
    if (input.kind === 'body') {
      const label = `"${input.path.join('.')}" of ${relation.id}.${method.name}${where}`;
      body.push({ path: input.path, value: toBodyValue(value, input.shape, { label, isText: input.isText }) });
      return;
    }
    if (value === null) return;
    const { parameter } = input;
    const given = toParameterValue(value, parameter, { label: `"${parameter.name}" of ${relation.id}.${method.name}${where}` });
    if (parameter.location === 'server' && parameter.name === 'subdomain') subdomain = String(given);
    else parameters[parameter.name] = given;
  });
  const missing = mandatoryParameters(method).flatMap((parameter) =>
    Object.hasOwn(parameters, parameter.name) && parameters[parameter.name] !== '' ? [] : [parameter.name],
  );
  if (missing.length > 0) throw missingValue(parts, missing, where);
  const org = await environment.orgs.resolve(relation.provider, subdomain);
  const whole = buildBody(body, parts.body);
  return { call: callOf(relation, chosen, org, parameters, whole), label: labelOf(method, parameters) };
}

function callOf(
  relation: Relation,
  { method }: ChosenMethod,
  org: OrgConnection,
  parameters: MethodCall['parameters'],
  body: Json | undefined,
): MethodCall {
  const isRead = method.safe || method.http.verb === 'GET' || method.http.verb === 'HEAD';
  return {
    method,
    facts: relation.overlay.methods[method.name] ?? {},
    org,
    parameters,
    ...(body === undefined ? {} : { body }),
    intent: isRead ? 'read' : 'write',
  };
}

function missingValue(parts: CallParts, missing: readonly string[], where: string): OrgqlError {
  const error = missingNames(parts.relation, parts.chosen.method, missing, parts.clause);
  const given = parts.chosen.inputs.some((input) => input.kind === 'parameter' && missing.includes(input.parameter.name));
  if (!given) return error;
  return new OrgqlError(
    'required_parameter_missing',
    `${error.message}, which is NULL or empty${where}`,
    error.detail === undefined ? {} : { detail: error.detail },
  );
}

/** The keys that say what a call is about; where there are none, whatever it was given. */
function labelOf(method: Method, parameters: MethodCall['parameters']): string {
  const keys = Object.entries(parameters).filter(([name]) =>
    method.parameters.some((parameter) => parameter.name === name && parameter.location === 'path'),
  );
  const entries = keys.length > 0 ? keys : Object.entries(parameters);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) return String(only[1]);
  return entries.map(([name, value]) => `${name} ${String(value)}`).join(', ');
}
