import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OrgqlError } from '../../src/util/errors.ts';
import { runQuery, sorted } from '../tasks/open-org.ts';
import { type Lab, openLab } from './lab.ts';
import { type Draw, randomQuery } from './random-query.ts';

/** How many random queries are compared; the environment may ask for more. */
const RUNS = Number(process.env.ORGQL_PROPERTY_RUNS ?? 60);
const SEED = process.env.ORGQL_PROPERTY_SEED;

let lab: Lab;

beforeAll(async () => {
  lab = await openLab();
});

afterAll(() => lab.close());

test('joins of parameterised relations give what plain tables give, or are refused with a remedy', { timeout: 900_000 }, async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (generate) => {
      const below = (count: number): number => generate(fc.nat, { max: count - 1 });
      const draw: Draw = {
        below,
        oneOf: (items) => items[below(items.length)] as (typeof items)[0],
        rarely: (times) => below(times) === 0,
      };
      const sql = randomQuery(draw, lab.known);
      const expected = await lab.oracle.run(sql).catch((error: Error) => error);
      try {
        const { rows } = await runQuery(lab.session, sql);
        expect(rows.length === 0 ? [] : sorted(rows), sql).toEqual(expected instanceof Error ? expected : sorted(expected));
        compared++;
      } catch (error) {
        // What the engine itself cannot do (a subquery in the condition of an outer join), it cannot do here either.
        if (expected instanceof Error && error instanceof OrgqlError) return;
        if (!(error instanceof OrgqlError) || error.code !== 'required_parameter_missing') throw new Error(sql, { cause: error });
        expect(error.hint, sql).toMatch(/WHERE .* or join/);
      }
    }),
    { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
  );
  expect(compared).toBeGreaterThan(RUNS / 2);
});
