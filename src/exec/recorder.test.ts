import { expect, it } from 'vitest';
import { createRecorder } from './recorder.ts';

function recorderAt(time: { now: number }) {
  return createRecorder({ statement: 'SELECT 1', startedAt: time.now, clock: () => time.now });
}

it('calls of a relation have one observer, so that the scheduler gives turns to statements and not to calls', () => {
  const recorder = recorderAt({ now: 0 });
  const [users, factors] = [recorder.relation('okta.user.users', 'list'), recorder.relation('okta.userfactor.factors', 'list')];
  expect(recorder.observer(users)).toBe(recorder.observer(users));
  expect(recorder.observer(users)).not.toBe(recorder.observer(factors));
});

it('requests that wait at the same time wait that time once', () => {
  const time = { now: 1_000 };
  const recorder = recorderAt(time);
  const { waiting } = recorder.observer(recorder.relation('okta.user.users', 'list'));
  for (let request = 0; request < 30; request++) waiting?.({ bucket: 'users', delayMs: 40_000 });
  time.now += 10_000;
  waiting?.({ bucket: 'apps', delayMs: 50_000 });
  time.now += 100_000;
  waiting?.({ bucket: 'users', delayMs: 5_000 });
  expect(recorder.receipt().waitedMs).toBe(65_000);
});

it('a notice is told once, and stands in the receipt of each relation that it is about', () => {
  const recorder = recorderAt({ now: 0 });
  const [one, other] = [recorder.relation('a.b.c', 'get'), recorder.relation('a.b.d', 'get')];
  for (const record of [one, one, other]) recorder.notice('not_found', 'nobody there', record);
  expect(recorder.notices()).toEqual([{ code: 'not_found', message: 'nobody there' }]);
  expect(recorder.receipt().relations.map(({ notices }) => notices)).toEqual([['nobody there'], ['nobody there']]);
});
