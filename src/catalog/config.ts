import { asObject, asText, isObject, type JsonObject } from './json.ts';
import type { Json } from './types.ts';

/** StackQLConfig objects that bear on a method, nearest first: method, resource, service, provider service, provider. */
export type ConfigLevels = readonly JsonObject[];

/** The nearest level's value of a setting. There is no deep merge: the nearest level that has it wins. */
export function setting(levels: ConfigLevels, key: string): Json | undefined {
  for (const level of levels) if (level[key] !== undefined && level[key] !== null) return level[key];
  return undefined;
}

/** Like `setting`, for one member of a setting that is resolved member by member (`pagination`). */
export function settingMember(levels: ConfigLevels, key: string, name: string): JsonObject | undefined {
  for (const level of levels) {
    const value = asObject(level[key])[name];
    if (isObject(value)) return value;
  }
  return undefined;
}

/** The name of an algorithm setting such as `requestTranslate: {algorithm: ...}`. */
export function algorithm(value: Json | undefined): string | undefined {
  const name = asText(asObject(value).algorithm);
  return name === '' ? undefined : name;
}
