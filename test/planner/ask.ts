import { expect } from 'vitest';
import type { FaultRule } from '../../src/emulator/types.ts';
import type { TestSession } from '../../src/session/test-session.ts';

export interface Asked {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** In order, ids as {id}, without the projection. */
  readonly requests: readonly string[];
  /** What EXPLAIN said before, having sent nothing. */
  readonly explained: number | null;
}

/** A statement's rows and requests. The rows are those that it has without pushdown. */
export async function ask(lab: TestSession, sql: string): Promise<Asked> {
  const [{ plan_json: plan } = {}] = await lab.rows(`EXPLAIN ${sql}`);
  expect(lab.takeRequests()).toEqual([]);
  const rows = await lab.rows(sql);
  const requests = lab.takeRequests().map((request) =>
    request
      .replaceAll('+', ' ')
      .replace(/&fields=[^&]*/, '')
      .replace(/\b(00u|00g|0oa|00p|rst)[A-Za-z0-9]{17}\b/g, '{id}')
      .replace(/( or id eq "\{id\}")+/g, ' or ...'),
  );
  const plain = await lab.rows(sql, { pushdown: false });
  lab.takeRequests();
  expect(textsOf(rows)).toEqual(textsOf(plain));
  return { rows, requests, explained: JSON.parse(String(plan)).calls };
}

export const textsOf = (rows: readonly unknown[]): string[] =>
  rows.map((row) => JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).sort();

export async function setFaults({ emulator }: TestSession, rules: readonly FaultRule[]): Promise<void> {
  const { status } = await emulator.handle({ method: 'PUT', url: '/_emulator/faults', headers: {}, body: JSON.stringify(rules) });
  expect(status).toBe(200);
}
