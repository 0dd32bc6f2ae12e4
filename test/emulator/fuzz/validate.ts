import type { Schema, Specification } from './specification.ts';

const MAX_DEPTH = 12;

/** Where the specification says something else than Okta's recorded answers: what Okta sends counts. */
const OKTA_DIFFERS: readonly RegExp[] = [
  // One link may be a list of links.
  /(^|\.)_links\.[\w-]+: not an object/,
  // Okta Verify's fastpass, which lists of factors show.
  /factorType: "signed_nonce" is none of/,
  // Rules of today's policy types.
  /(^|\.|\])type: "(ACCESS_POLICY|MFA_ENROLL|IDP_DISCOVERY|PROFILE_ENROLLMENT)" is none of SIGN_ON, PASSWORD/,
];

/**
 * What in a value contradicts its schema, each with its path. `null` fits every schema, since Okta writes it for what is absent, and properties that the schema does
 * not name are allowed: today's API has more than the specification of 2.15.0.
 */
export function violations(value: unknown, schema: Schema, specification: Specification): string[] {
  return contradictions(value, schema, specification, '', 0).filter((text) => !OKTA_DIFFERS.some((known) => known.test(text)));
}

function contradictions(value: unknown, schema: Schema, specification: Specification, path: string, depth: number): string[] {
  const found = specification.resolve(schema);
  if (value === null || depth > MAX_DEPTH) return [];
  const parts = (found.allOf ?? []).flatMap((part) => contradictions(value, part, specification, path, depth + 1));
  if (found.enum !== undefined && !found.enum.includes(value))
    parts.push(`${path}: ${JSON.stringify(value)} is none of ${found.enum.join(', ')}`);
  if (found.type === 'array' || (found.items !== undefined && found.type === undefined)) {
    if (!Array.isArray(value)) return [...parts, `${path}: not an array`];
    return [...parts, ...value.flatMap((item, at) => contradictions(item, found.items ?? {}, specification, `${path}[${at}]`, depth + 1))];
  }
  // The specification writes `object` for any value at all.
  if (
    found.enum !== undefined ||
    (found.type === 'object' && found.properties === undefined && typeof found.additionalProperties !== 'object')
  )
    return parts;
  if (found.properties !== undefined || found.type === 'object') {
    if (typeof value !== 'object' || Array.isArray(value)) return [...parts, `${path}: not an object`];
    for (const [name, inner] of Object.entries(value)) {
      const property =
        found.properties?.[name] ?? (typeof found.additionalProperties === 'object' ? found.additionalProperties : undefined);
      if (property !== undefined)
        parts.push(...contradictions(inner, property, specification, path === '' ? name : `${path}.${name}`, depth + 1));
    }
    return parts;
  }
  if (!fits(value, found.type)) parts.push(`${path}: ${JSON.stringify(value)?.slice(0, 60)} is no ${found.type}`);
  if (found.format === 'date-time' && typeof value === 'string' && Number.isNaN(Date.parse(value)))
    parts.push(`${path}: ${value} is no date-time`);
  return parts;
}

function fits(value: unknown, type: string | undefined): boolean {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'number':
      return typeof value === type;
    case 'integer':
      return Number.isInteger(value);
    default:
      return true;
  }
}
