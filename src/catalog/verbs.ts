import { asList, asObject, asText, type JsonObject } from './json.ts';
import { pointerSegments } from './references.ts';
import type { SqlVerb } from './types.ts';

/** Method names per SQL verb, in the order in which they are tried. */
export type Candidates = Readonly<Partial<Record<SqlVerb, readonly string[]>>>;

const IMPLIED: Candidates = { SELECT: ['select', 'list', 'aggregatedList', 'get'], INSERT: ['insert', 'create'], DELETE: ['delete'] };
const WORDS: readonly (readonly [string, SqlVerb])[] = [
  ['select', 'SELECT'],
  ['insert', 'INSERT'],
  ['update', 'UPDATE'],
  ['replace', 'REPLACE'],
  ['delete', 'DELETE'],
];

/** A resource's methods per verb: those that `sqlVerbs` lists, and where it has no such key those whose names imply the verb. An empty list means none. */
export function verbCandidates(resource: JsonObject): Candidates {
  const methods = asObject(resource.methods);
  const declared = asObject(resource.sqlVerbs);
  const candidates: Partial<Record<SqlVerb, readonly string[]>> = {};
  for (const [word, verb] of WORDS) {
    const list = declared[word];
    const names =
      list === undefined || list === null
        ? (IMPLIED[verb] ?? []).filter((name) => Object.hasOwn(methods, name))
        : asList(list).flatMap((entry) => methodNamed(methods, asText(asObject(entry).$ref) ?? ''));
    if (names.length > 0) candidates[verb] = [...new Set(names)];
  }
  return candidates;
}

/** The verbs that a method serves, the one that SHOW METHODS prints first. */
export function verbsOf(candidates: Candidates, method: string): readonly SqlVerb[] {
  return WORDS.map(([, verb]) => verb).filter((verb) => candidates[verb]?.includes(method));
}

function methodNamed(methods: JsonObject, reference: string): readonly string[] {
  const name = pointerSegments(reference.slice(reference.indexOf('#') + 1)).at(-1) ?? '';
  if (Object.hasOwn(methods, name)) return [name];
  return Object.keys(methods).filter((key) => key.toLowerCase() === name.toLowerCase());
}
