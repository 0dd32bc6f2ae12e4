import type { Method, Parameter } from '../../catalog/types.ts';
import { OrgqlError } from '../../util/errors.ts';
import type { MethodCall } from '../types.ts';

/** A parameter's values by the parameter's own name; `undefined` where the call gives none. */
export type ParameterValues = (parameter: Parameter) => readonly string[] | undefined;

/** Looks values up as the call names them: by name, wire name or alias, exactly first and then without regard to case. */
export function parameterValues({ parameters }: MethodCall): ParameterValues {
  return ({ name, wireName, aliases = NO_ALIASES }) => {
    if (Object.hasOwn(parameters, name)) return listOf(parameters[name]);
    if (Object.hasOwn(parameters, wireName)) return listOf(parameters[wireName]);
    for (const alias of aliases) if (Object.hasOwn(parameters, alias)) return listOf(parameters[alias]);
    const given = sameName(parameters, name) ?? sameName(parameters, wireName);
    if (given !== undefined) return listOf(parameters[given]);
    for (const alias of aliases) {
      const other = sameName(parameters, alias);
      if (other !== undefined) return listOf(parameters[other]);
    }
    return undefined;
  };
}

/** The last of the given names that is this one but for case. */
function sameName(parameters: MethodCall['parameters'], name: string): string | undefined {
  let found: string | undefined;
  for (const given in parameters) if (given.length === name.length && given.toLowerCase() === name.toLowerCase()) found = given;
  return found;
}

const NO_ALIASES: readonly string[] = [];

/** The one value of a parameter that cannot repeat. */
export function singleValue(values: readonly string[] | undefined): string | undefined {
  return values === undefined || values.length === 0 ? undefined : values.length === 1 ? values[0] : values.join(',');
}

/** The error for a value that the request cannot do without. The planner finds most of them before. */
export function missingParameter(method: Method, name: string): OrgqlError {
  return new OrgqlError('required_parameter_missing', `The method ${method.name} needs a value for "${name}"`, {
    detail: `It is part of ${method.http.verb} ${method.http.path}.`,
    hint: `Give ${name} a value in the statement.`,
  });
}

function listOf(value: string | readonly string[] | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : typeof value === 'string' ? [value] : value;
}
