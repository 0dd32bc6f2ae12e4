import type { EngineColumn } from '../engine/types.ts';
import { BY_DEFAULT } from '../plan/access-path.ts';
import { NOTHING_CHEAPER } from './cheaper.ts';
import type { ExplainStep, Explanation } from './explain.ts';
import type { Cursor, Receipt } from './types.ts';

/** The explanation for people: one block a step, then the totals. */
export function explanationText(explanation: Explanation, actual?: Receipt): string {
  const lines: string[] = [];
  explanation.steps.forEach((step, index) => {
    lines.push(`${index + 1}. ${step.relation} by ${step.method}: ${step.http}`);
    for (const [name, from] of Object.entries(step.bindings)) lines.push(`     ${name} = ${from}`);
    if (step.inside !== undefined) lines.push(`     inside of ${step.inside}`);
    if (step.along !== undefined) lines.push(`     brings along: ${step.along.join(', ')}`);
    for (const { exactness, parameter, predicate } of step.pushed)
      lines.push(
        `     pushed (${exactness}): ${parameter === BY_DEFAULT ? `${predicate}, which the list leaves out` : `${parameter} = ${predicate}`}`,
      );
    if (step.residual.length > 0) lines.push(`     checked again: ${step.residual.join(' AND ')}`);
    const measured = actual?.relations
      .filter((relation) => relation.relation === step.relation && relation.method === step.method)
      .reduce((sum, relation) => sum + relation.requests, 0);
    lines.push(
      `     calls: ${step.calls === null ? 'unknown' : step.calls} (${step.basis}${rangeText(step)}${addedText(step.added)})${measured === undefined ? '' : `, actual ${measured}`}`,
    );
  });
  if (explanation.steps.length === 0) lines.push('Local only: nothing is asked of an API.');
  for (const bucket of explanation.buckets) {
    const share =
      bucket.calls === null || bucket.limitPerMinute === null
        ? ''
        : ` (${Math.round((100 * bucket.calls) / bucket.limitPerMinute)} % of a minute's quota)`;
    lines.push(`bucket ${bucket.bucket}: ${callsText(bucket.calls)}, limit ${bucket.limitPerMinute ?? 'unknown'} a minute${share}`);
  }
  lines.push(
    `total: ${callsText(explanation.calls)}${explanation.range === undefined ? '' : ` (${rangeText(explanation).slice(2)})`}, ${explanation.seconds === null ? 'unknown' : `at least ${explanation.seconds}`} seconds${actual === undefined ? '' : `; actual ${callsText(actual.requests)}, ${actual.elapsedMs} ms`}`,
  );
  if (explanation.cheaper !== undefined) lines.push(cheaperText('more than --max-calls allows', explanation.cheaper));
  return lines.join('\n');
}

/** Ways to make a statement cheaper, a line each; says so where there is none. */
export function cheaperText(why: string, ways: readonly string[]): string {
  if (ways.length === 0) return `${why}. ${NOTHING_CHEAPER}.`;
  return [`${why}; cheaper would be:`, ...ways.map((way) => `  - ${way}`)].join('\n');
}

function rangeText({ calls, range }: Pick<ExplainStep, 'calls' | 'range'>): string {
  if (range === undefined) return '';
  if (calls === null) return `: ${range.from} to ${range.to}`;
  return `: ${range.from} as counted, ${range.to} if the org has grown by a fifth since`;
}

function addedText(added: number | undefined): string {
  if (added === undefined) return '';
  const rows = Math.abs(added);
  return `; goes by ${rows} ${rows === 1 ? 'row' : 'rows'} that orgql has ${added > 0 ? 'added' : 'taken away'} since`;
}

function callsText(calls: number | null): string {
  return calls === null ? 'unknown calls' : calls === 1 ? '1 call' : `${calls} calls`;
}

const COLUMNS: readonly EngineColumn[] = [
  { name: 'plan', type: 'VARCHAR' },
  { name: 'plan_json', type: 'JSON' },
];

/** An explanation as a result of one row: the text, and the JSON. */
export function explanationCursor(explanation: Explanation, receipt: Receipt, actual?: Receipt): Cursor {
  const json =
    actual === undefined
      ? explanation
      : { ...explanation, actual: { calls: actual.requests, elapsedMs: actual.elapsedMs, relations: actual.relations } };
  async function* batches(): Cursor['batches'] {
    yield [[explanationText(explanation, actual), JSON.stringify(json)]];
  }
  return {
    kind: 'rows',
    command: 'EXPLAIN',
    columns: COLUMNS,
    batches: batches(),
    message: () => undefined,
    notices: () => [],
    receipt: () => receipt,
    close: () => Promise.resolve(),
  };
}
