import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultEffect } from '../../src/emulator/types.ts';
import { type FaultLab, type Outcome, openFaultLab } from './fault-lab.ts';
import { SHAPES, type Shape } from './shapes.ts';

const ERROR_OBJECT =
  '{"errorCode":"E0000009","errorSummary":"Internal Server Error","errorLink":"E0000009","errorId":"oae1","errorCauses":[]}';
const JSON_TYPE = 'application/json';

/** Faults that pass: asked again, the API gives the page. */
const PASSING: readonly (readonly [name: string, effect: FaultEffect, times: number])[] = [
  ['status 500', { kind: 'status', status: 500 }, 1],
  ['a reset before the answer', { kind: 'reset' }, 2],
  ['a reset in the body', { kind: 'truncate' }, 1],
  ['a body that comes slowly', { kind: 'delay', ms: 20 }, 1],
  ['JSON that is cut off', { kind: 'cut' }, 1],
  ['a storm of 429', { kind: 'status', status: 429 }, 4],
];

/** Faults that stay. */
const STAYING: readonly (readonly [name: string, effect: FaultEffect, code: RegExp])[] = [
  ['status 500', { kind: 'status', status: 500 }, /^api_error$/],
  ['a reset before the answer', { kind: 'reset' }, /^unreachable$/],
  ['a reset in the body', { kind: 'truncate' }, /^unreachable$/],
  ['JSON that is cut off', { kind: 'cut' }, /^invalid_response$/],
  ['HTML with status 200', { kind: 'contentType', value: 'text/html', body: '<html><title>Sign in</title></html>' }, /^invalid_response$/],
  ['an empty body with status 200', { kind: 'contentType', value: JSON_TYPE, body: '' }, /^invalid_response$/],
  ['an error object with status 200', { kind: 'contentType', value: JSON_TYPE, body: ERROR_OBJECT }, /^api_error$/],
  ['another object with status 200', { kind: 'contentType', value: JSON_TYPE, body: '{"message":"maintenance"}' }, /^invalid_response$/],
  [
    "another error's object with status 200",
    { kind: 'contentType', value: JSON_TYPE, body: '{"timestamp":"2025-09-22T07:00:23Z","status":500,"error":"Internal Server Error"}' },
    /^(invalid_response|api_error)$/,
  ],
  ['brackets around what is no JSON', { kind: 'contentType', value: JSON_TYPE, body: '[{"id" "a"}]' }, /^invalid_response$/],
  ['a bare value with status 200', { kind: 'contentType', value: JSON_TYPE, body: '"maintenance"' }, /^invalid_response$/],
  ['a cursor that leads back', { kind: 'nextLink', url: 'self' }, /^invalid_response$/],
  ['a next page of another host', { kind: 'nextLink', url: 'https://elsewhere.example.com/api/v1/other?after=1' }, /^invalid_response$/],
  ['429 without end', { kind: 'status', status: 429 }, /^rate_limited$/],
];

let lab: FaultLab;
/** It waits for nothing for long: on a busy machine some of its requests are asked again for that alone. */
let hasty: FaultLab;
const whole = new Map<Shape, Outcome>();
beforeAll(async () => {
  lab = await openFaultLab();
  hasty = await openFaultLab(120);
  // Once to learn the counts by which the plan is made, once to see it.
  for (const shape of SHAPES) for (let run = 0; run < 2; run++) whole.set(shape, await lab.run(shape));
});
afterAll(async () => {
  await lab.close();
  await hasty.close();
});

const wholeOf = (shape: Shape): Outcome => whole.get(shape) ?? expect.unreachable('The shape was not run');
/** A LIMIT that is met needs no more, so what is wrong with a page behind it does not matter. */
const isWhole = (outcome: Outcome, shape: Shape): boolean =>
  outcome.error === undefined && outcome.receipt?.complete === true && outcome.rows.join('\n') === wholeOf(shape).rows.join('\n');

describe.each(SHAPES)('$name', (shape) => {
  test('has rows, on several pages', () => {
    const { rows, requests, error } = wholeOf(shape);
    expect(error).toBe(undefined);
    expect(rows.length).toBeGreaterThan(0);
    expect(requests.length).toBeGreaterThan(2);
  });

  test.each(PASSING)('gives all its rows where every page has %s at first', async (_, effect, times) => {
    await lab.befallEach(wholeOf(shape).requests, effect, times);
    const outcome = await lab.run(shape);
    expect(outcome.error).toBe(undefined);
    expect(outcome.rows).toEqual(wholeOf(shape).rows);
    expect(outcome.receipt?.complete).toBe(true);
  });

  test('gives all its rows where every page stops coming half-way at first', async () => {
    await hasty.befallEach(wholeOf(shape).requests, { kind: 'stall' }, 1);
    const outcome = await hasty.run(shape);
    expect(outcome.error).toBe(undefined);
    expect(outcome.rows).toEqual(wholeOf(shape).rows);
    expect(outcome.receipt?.complete).toBe(true);
  });

  test.each(STAYING)('fails where a page has %s, whichever it is', async (_, effect, code) => {
    for (const request of wholeOf(shape).requests) {
      await lab.befallEach([request], effect);
      const outcome = await lab.run(shape);
      if (effect.kind === 'nextLink' && isWhole(outcome, shape) && outcome.rows.length === Number(/LIMIT (\d+)$/.exec(shape.sql)?.[1]))
        continue;
      const { error } = outcome;
      expect([request, error?.code, outcome.receipt?.complete ?? false]).toEqual([request, expect.stringMatching(code), false]);
      // What was asked, of what, which page, and how to go on.
      const path = request.replace(/\?.*/, '').split('/').slice(0, 4).join('/');
      const text = `${error?.message}\n${error?.detail}\n${error?.hint}`;
      expect(text).toContain(path);
      expect(text).toMatch(/page \d+ of okta\.\w+\.\w+/);
      expect(error?.hint).toMatch(text.includes('Until then') ? /--resume-dir/ : /again|later|credential/);
    }
  });
});
