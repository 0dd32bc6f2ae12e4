import { invalid, refuse } from '../../refusal.ts';
import { isObject } from '../../reply.ts';
import { type ObjectShape, oneOf, readBody } from '../../shape.ts';
import type { Json, JsonObject } from '../../types.ts';

const MAX_LENGTH = 1024;
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,255}$/;
const CHOICE: ObjectShape = { const: 'any', title: 'string' };

/** The settings of a property, in the order in which they are shown. */
const PROPERTY: ObjectShape = {
  title: 'string',
  description: 'string',
  type: oneOf('string', 'boolean', 'number', 'integer', 'array'),
  required: 'boolean',
  format: 'string',
  items: { type: oneOf('string', 'number', 'integer'), enum: ['any'], oneOf: [CHOICE] },
  mutability: oneOf('READ_ONLY', 'READ_WRITE', 'IMMUTABLE', 'WRITE_ONLY'),
  scope: oneOf('NONE', 'SELF'),
  unique: 'any',
  pattern: 'string',
  enum: ['any'],
  oneOf: [CHOICE],
  minLength: 'integer',
  maxLength: 'integer',
  minimum: 'number',
  maximum: 'number',
  externalName: 'string',
  externalNamespace: 'string',
  union: oneOf('DISABLE', 'ENABLE'),
  permissions: [{ principal: 'string', action: oneOf('HIDE', 'READ_ONLY', 'READ_WRITE') }],
  master: { type: oneOf('PROFILE_MASTER', 'OKTA', 'OVERRIDE'), priority: [{ type: 'string', value: 'string' }] },
};

/** A section (`custom`, `base`) of a request: settings by property, `null` for one to be removed. */
export function readSection(definitions: Json | undefined, section: 'custom' | 'base'): Readonly<Record<string, JsonObject | null>> {
  if (definitions === undefined || definitions === null) return {};
  if (!isObject(definitions)) throw refuse('E0000003');
  const given = definitions[section];
  if (given === undefined || given === null) return {};
  if (!isObject(given)) throw refuse('E0000003');
  const { properties } = given;
  if (properties === undefined || properties === null) return {};
  if (!isObject(properties)) throw refuse('E0000003');
  const out: Record<string, JsonObject | null> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined) out[name] = null;
    else if (isObject(value)) out[name] = readBody(value, PROPERTY);
    else throw refuse('E0000003');
  }
  return out;
}

/** A new or changed property of an org's own, with what Okta adds. Refuses what cannot be. */
export function customProperty(name: string, given: JsonObject, before: JsonObject | undefined, isGroup: boolean): JsonObject {
  const settings: JsonObject = { ...before, ...given };
  if (!NAME.test(name))
    throw invalid(name, [
      `${name}: The name of a property must begin with a letter or underscore and hold letters, digits and underscores`,
    ]);
  if (typeof settings.title !== 'string' || settings.title === '') throw invalid(name, [`${name}: title: The field cannot be left blank`]);
  if (settings.type === undefined) throw invalid(name, [`${name}: type: The field cannot be left blank`]);
  if (before !== undefined && given.type !== undefined && given.type !== before.type)
    throw invalid(name, [`${name}: The type of a property cannot be changed`]);
  if (settings.type === 'array' && (!isObject(settings.items) || settings.items.type === undefined))
    throw invalid(name, [`${name}: items: An array must say the type of its items`]);
  const { minLength, maxLength } = settings;
  if (typeof minLength === 'number' && (minLength < 0 || (typeof maxLength === 'number' && minLength > maxLength)))
    throw invalid(name, [`${name}: minLength must not exceed maxLength`]);
  if (typeof maxLength === 'number' && (maxLength < 1 || maxLength > MAX_LENGTH * 64))
    throw invalid(name, [`${name}: maxLength is out of range`]);
  return ordered({
    mutability: 'READ_WRITE',
    scope: 'NONE',
    ...(isGroup ? { master: { type: 'PROFILE_MASTER' } } : {}),
    permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
    ...settings,
  });
}

/** A base property with the settings that an org may change in it. */
export function baseProperty(name: string, given: JsonObject, known: JsonObject): JsonObject {
  if (given.type !== undefined && given.type !== known.type)
    throw invalid(name, [`${name}: The type of a base property cannot be changed`]);
  const changes: Record<string, Json | undefined> = {};
  for (const key of ['title', 'description', 'required', 'permissions', 'master', 'pattern', 'minLength', 'maxLength']) {
    if (given[key] !== undefined) changes[key] = given[key];
  }
  if (name === 'login' && changes.required === false) throw invalid(name, ['login: The property must be required']);
  return ordered({ ...known, ...changes });
}

/** `required: false` is not shown. */
function ordered(settings: JsonObject): JsonObject {
  const out: Record<string, Json> = {};
  for (const key of Object.keys(PROPERTY)) {
    const value = settings[key];
    if (value !== undefined && !(key === 'required' && value === false)) out[key] = value;
  }
  return out;
}
