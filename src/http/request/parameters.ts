import type { Method, Parameter } from '../../catalog/types.ts';
import { OrgqlError } from '../../util/errors.ts';
import type { MethodCall } from '../types.ts';

/** A parameter's values by the parameter's own name; `undefined` where the call gives none. */
export type ParameterValues = (parameter: Parameter) => readonly string[] | undefined;

/** Looks values up as the call names them: by name, wire name or alias, exactly first and then without regard to case. */
export function parameterValues(call: MethodCall): ParameterValues {
  const folded = new Map<string, string | readonly string[]>();
  for (const [name, value] of Object.entries(call.parameters)) folded.set(name.toLowerCase(), value);
  return (parameter) => {
    const names = [parameter.name, parameter.wireName, ...(parameter.aliases ?? [])];
    for (const name of names) if (Object.hasOwn(call.parameters, name)) return listOf(call.parameters[name]);
    for (const name of names) {
      const value = folded.get(name.toLowerCase());
      if (value !== undefined) return listOf(value);
    }
    return undefined;
  };
}

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
