import type { Parameter, Shape } from '../../catalog/types.ts';
import { sqlText } from './sql-text.ts';

/** A value that fits a parameter or property, as SQL: from its schema where that says, else a word that asks to be replaced. */
export function sampleLiteral(name: string, shape: Shape): string {
  switch (shape.apiType) {
    case 'boolean':
      return 'true';
    case 'integer':
    case 'number':
      return '1';
    case 'object':
    case 'array':
      return sqlText(JSON.stringify(sampleJson(name, shape, 0)));
    default:
      return sqlText(sampleString(name, shape));
  }
}

/** As above for a parameter: everything but numbers is text. Its default or bound counts first. */
export function sampleParameter(parameter: Parameter): string {
  const { name, shape } = parameter;
  if (shape.apiType === 'integer' || shape.apiType === 'number') return String(parameter.minimum ?? 1);
  if (parameter.default !== undefined && parameter.default !== '') return sqlText(parameter.default);
  return sampleLiteral(name, shape);
}

type SampleValue = string | number | boolean | readonly SampleValue[] | { readonly [key: string]: SampleValue };

/** A JSON value of a shape, two levels deep. */
export function sampleJson(name: string, shape: Shape, depth: number): SampleValue {
  switch (shape.apiType) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return 1;
    case 'array': {
      const items = shape.items();
      return items === undefined || depth > 1 ? [] : [sampleJson(singular(name), items, depth + 1)];
    }
    case 'object': {
      if (depth > 1) return {};
      const writable = [...shape.properties()].filter(([key, property]) => property.readOnly !== true && !key.startsWith('_'));
      const simple = writable.filter(([, property]) => property.apiType !== 'object' && property.apiType !== 'array');
      const telling = simple.filter(([key]) => TELLING.has(key));
      const chosen = telling.length > 0 ? telling.slice(0, 4) : (simple.length > 0 ? simple : writable).slice(0, 2);
      return Object.fromEntries(chosen.map(([key, property]) => [key, sampleJson(key, property, depth + 1)]));
    }
    default:
      return sampleString(name, shape);
  }
}

const TELLING = new Set(['name', 'label', 'title', 'firstName', 'lastName', 'login', 'email', 'description', 'value']);

function sampleString(name: string, shape: Shape): string {
  if (shape.enum?.[0] !== undefined) return shape.enum[0];
  switch (shape.format) {
    case 'date-time':
      return '2026-01-31T12:00:00Z';
    case 'date':
      return '2026-01-31';
    case 'email':
      return 'name@example.com';
    case 'uri':
    case 'url':
      return 'https://example.com/';
    case 'uuid':
      return '00000000-0000-4000-8000-000000000000';
    default:
      return name
        .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
        .replace(/\W+/g, '_')
        .toUpperCase();
  }
}

function singular(name: string): string {
  return name.endsWith('ies') ? `${name.slice(0, -3)}y` : name.replace(/s$/, '');
}
