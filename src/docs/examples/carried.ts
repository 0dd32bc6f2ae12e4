import type { SqlVerb } from '../../catalog/types.ts';
import type { PlannedExample } from './select.ts';

/** An example that a provider brings along, in a file `examples.sql` beside its `provider.yaml`. */
export interface CarriedExample {
  /** The id of the resource on whose page it stands. */
  readonly relation: string;
  readonly verb: SqlVerb;
  readonly example: PlannedExample;
}

/**
 * Reads such a file. `-- # provider.service.resource` begins the examples of a resource, `-- ## text` gives the next one its title; each is one
 * statement that ends in a semicolon at the end of a line. They run in the order of the file, so that one may use what another made.
 */
export function readCarriedExamples(text: string): readonly CarriedExample[] {
  const examples: CarriedExample[] = [];
  let relation: string | undefined;
  let title: string | undefined;
  let lines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const mark = /^-- (##?) (.*)$/.exec(line);
    if (mark !== null) {
      if (mark[1] === '#') relation = mark[2]?.trim();
      else title = mark[2]?.trim();
      continue;
    }
    if (line.trim() === '' && lines.length === 0) continue;
    if (line.startsWith('--') && lines.length === 0) continue;
    lines.push(line);
    if (!line.trimEnd().endsWith(';')) continue;
    const sql = lines.join('\n').trim();
    const verb = verbOf(sql);
    if (relation !== undefined && verb !== undefined)
      examples.push({ relation, verb, example: { kind: 'example', title: title ?? verb, intro: [], sql } });
    lines = [];
    title = undefined;
  }
  return examples;
}

function verbOf(sql: string): SqlVerb | undefined {
  const word = /^\w+/.exec(sql)?.[0].toUpperCase();
  if (word === 'SELECT' || word === 'WITH' || word === 'FROM') return 'SELECT';
  return word === 'INSERT' || word === 'UPDATE' || word === 'REPLACE' || word === 'DELETE' || word === 'EXEC' ? word : undefined;
}
