import type { Relation, SqlVerb } from '../../catalog/types.ts';
import type { Example, ExampleOutcome } from '../model/page.ts';
import { code } from '../model/text.ts';
import type { CarriedExample } from './carried.ts';
import { probeRelation } from './probe.ts';
import { joinExamples, type RelatedRelation } from './related.ts';
import { type ExampleValues, type PlannedExample, selectExamples } from './select.ts';
import type { ExampleRunner, RunResult } from './types.ts';
import { writeExamples } from './writes.ts';

/** The examples of one resource, by the sections they stand in. */
export interface ResourceExamples {
  readonly sections: readonly { readonly section: string; readonly examples: readonly Example[] }[];
  readonly join: Example | undefined;
}

const VERBS: readonly SqlVerb[] = ['SELECT', 'INSERT', 'UPDATE', 'REPLACE', 'DELETE', 'EXEC'];

/** Where examples are run: queries on one org, what changes something on another. */
export interface ExampleRunners {
  readonly runner?: ExampleRunner;
  readonly scratch?: ExampleRunner;
}

/** Examples of every verb that the resource has, with what they gave where they could be run. */
export async function resourceExamples(
  relation: Relation,
  related: readonly RelatedRelation[],
  carried: readonly CarriedExample[],
  { runner, scratch }: ExampleRunners,
): Promise<ResourceExamples> {
  const probe = runner === undefined ? undefined : await probeRelation(relation, runner);
  const values: ExampleValues = { probe, server: runner?.serverValues ?? {} };
  const byVerb = new Map<SqlVerb, Example[]>(VERBS.map((verb) => [verb, []]));
  const isCarried = carried.some(({ verb }) => verb === 'SELECT');
  for (const example of selectExamples(relation, values)) {
    // A template says less than what the provider carries.
    if (isCarried && example.isReal === false) continue;
    const planned = example.isPushed === true && runner !== undefined ? await asPlanned(example, runner) : example;
    if (planned !== undefined) byVerb.get('SELECT')?.push(await ran(planned, runner));
  }
  for (const example of carried) byVerb.get(example.verb)?.push(await ran(example.example, scratch));
  // What the object is needed for comes before its end.
  const writes = writeExamples(relation, values).toSorted((a, b) => Number(a.verb === 'DELETE') - Number(b.verb === 'DELETE'));
  for (const { verb, method, ...example } of writes) {
    const list = byVerb.get(verb);
    // One that the provider carries is better than one made from the schema.
    if (list === undefined || carried.some((one) => one.verb === verb && (verb !== 'EXEC' || one.example.sql.includes(`.${method}`))))
      continue;
    list.push(await ran(example, scratch));
  }
  const join = await bestJoin(joinExamples(relation, related, values), runner);
  return {
    sections: VERBS.map((verb) => ({ section: `${verb} examples`, examples: byVerb.get(verb) ?? [] })),
    join,
  };
}

const MOST_TRIES = 3;

/** The first that gives rows, else the first. */
async function bestJoin(joins: readonly PlannedExample[], runner: ExampleRunner | undefined): Promise<Example | undefined> {
  let first: Example | undefined;
  for (const planned of joins.slice(0, MOST_TRIES)) {
    const join = await ran(planned, runner);
    if (runner === undefined || (join.outcome?.kind === 'rows' && join.outcome.rows.length > 0)) return join;
    first ??= join;
  }
  return first;
}

/** The example with what the plan says is sent; `undefined` where the plan sends no filter. */
async function asPlanned(example: PlannedExample, runner: ExampleRunner): Promise<PlannedExample | undefined> {
  const explained = await runner.run(`EXPLAIN ${example.sql}`);
  if (explained.kind !== 'rows') return undefined;
  const column = explained.columns.findIndex(({ name }) => name === 'plan_json');
  const pushed = pushedOf(explained.rows[0]?.[column]);
  if (pushed === undefined) return undefined;
  const check = pushed.exactness === 'exact' ? 'Only matching rows travel.' : 'What it returns is checked again.';
  return { ...example, intro: ['Sent to the API: ', code(`${pushed.parameter} = ${pushed.predicate}`), `. ${check}`] };
}

interface Pushed {
  readonly parameter: string;
  readonly predicate: string;
  readonly exactness: string;
}

function pushedOf(text: string | undefined): Pushed | undefined {
  if (text === undefined) return undefined;
  const plan = JSON.parse(text) as { readonly steps?: readonly { readonly pushed?: readonly Pushed[] }[] };
  return plan.steps?.flatMap((step) => step.pushed ?? []).find(({ parameter }) => parameter !== '');
}

async function ran({ isReal, isPushed: _isPushed, ...example }: PlannedExample, runner: ExampleRunner | undefined): Promise<Example> {
  const outcome = runner === undefined || isReal === false ? undefined : outcomeOf(await runner.run(example.sql));
  if (outcome !== undefined) return { ...example, outcome };
  // Samples are made from names. Words of an enumeration may look alike; they are then offered for change as well.
  return /'[A-Z]+(?:_[A-Z]+)+'|'(?:NAME|TITLE|LABEL|DESCRIPTION)'|"[A-Z][A-Z_]+"/.test(example.sql)
    ? { ...example, intro: [...example.intro, ...TEMPLATE] }
    : example;
}

const TEMPLATE: Example['intro'] = [' A template: values in capitals stand for yours.'];
const MOST_ROWS = 5;
const MOST_COLUMNS = 8;
const MOST_CHARACTERS = 120;

/** What a page shows of a result; `undefined` where there is nothing to show. */
export function outcomeOf(result: RunResult): ExampleOutcome | undefined {
  if (result.kind === 'failure') return undefined;
  if (result.kind === 'effect') return result;
  const shown = shownColumns(result.columns.map(({ name }) => name));
  return {
    kind: 'rows',
    columns: shown.map((place) => result.columns[place]?.name ?? ''),
    rows: result.rows.slice(0, MOST_ROWS).map((row) => shown.map((place) => shorten(row[place]))),
    more: result.rows.length > MOST_ROWS,
    requests: result.requests,
  };
}

/** Places of the columns that are shown: of a whole object the links and what is embedded say least. */
function shownColumns(names: readonly string[]): readonly number[] {
  const places = [...names.keys()];
  return names.length <= MOST_COLUMNS
    ? places
    : places.filter((place) => !/^_(?:links|embedded)$/.test(names[place] ?? '')).slice(0, MOST_COLUMNS);
}

function shorten(value: string | undefined): string {
  if (value === undefined) return 'NULL';
  return value.length > MOST_CHARACTERS ? `${value.slice(0, MOST_CHARACTERS - 1)}…` : value;
}
