import { describe, expect, it } from 'vitest';
import { type Bucket, type BucketObservation, createBucket } from './bucket.ts';

const MINUTE = 60_000;

function observe(more: Partial<BucketObservation>): BucketObservation {
  return { limit: 10, remaining: 9, serverReset: MINUTE, resetsAt: MINUTE, receivedAt: 10, isFromApi: true, ...more };
}

function bucket(budget = 1, limitPerMinute?: number): Bucket {
  return createBucket({ name: 'users', budget, limitPerMinute });
}

describe('a bucket', () => {
  it('lets one request ask first, though a limit is said to be known', () => {
    const users = bucket(1, 600);
    const first = users.send(0);
    expect(users.admit(1)).toEqual({ kind: 'wait', until: undefined });
    users.answer(first, observe({}));
    expect(users.admit(11)).toEqual({ kind: 'go' });
  });

  it('believes the said limit where the API answers and names none', () => {
    const users = bucket(1, 2);
    for (const now of [0, 20])
      users.answer(
        users.send(now),
        observe({ limit: undefined, remaining: undefined, serverReset: undefined, resetsAt: undefined, receivedAt: now + 10 }),
      );
    expect(users.admit(40)).toEqual({ kind: 'wait', until: 10 + MINUTE });
    expect(users.admit(10 + MINUTE)).toEqual({ kind: 'go' });
  });

  it('counts requests that are still under way when a window ends in the next one too', () => {
    const users = bucket(1);
    users.answer(users.send(0), observe({ limit: 3 }));
    const late = [users.send(20), users.send(20)];
    expect(users.admit(MINUTE)).toEqual({ kind: 'go' });
    users.send(MINUTE);
    expect(users.admit(MINUTE)).toEqual({ kind: 'wait', until: 2 * MINUTE });
    for (const ticket of late) users.drop(ticket, true);
  });

  it('takes the lesser of what two answers of a window leave, in whatever order they come', () => {
    const users = bucket(1);
    const [first, second, third] = [users.send(0), users.send(0), users.send(0)];
    users.answer(first, observe({ remaining: 7 }));
    users.answer(second, observe({ remaining: 9 }));
    users.answer(third, observe({ remaining: 8 }));
    expect(users.state(20)).toEqual({ bucket: 'users', limit: 10, remaining: 7, resetsAt: MINUTE });
  });

  it('pays no heed to an answer of the window before', () => {
    const users = bucket(1);
    const [first, straggler] = [users.send(0), users.send(0)];
    users.answer(first, observe({}));
    const fresh = users.send(MINUTE + 1);
    users.answer(fresh, observe({ serverReset: 2 * MINUTE, resetsAt: 2 * MINUTE, receivedAt: MINUTE + 5 }));
    users.answer(straggler, observe({ remaining: 0, receivedAt: MINUTE + 6 }));
    expect(users.state(MINUTE + 7)).toEqual({ bucket: 'users', limit: 10, remaining: 9, resetsAt: 2 * MINUTE });
  });

  it('stops before the reserve that others are left, though its own share is not used', () => {
    const users = bucket(0.9);
    users.answer(users.send(0), observe({ remaining: 1 }));
    expect(users.admit(20)).toEqual({ kind: 'wait', until: MINUTE });
  });

  it('gives back what surely was not sent', () => {
    const users = bucket(1);
    users.answer(users.send(0), observe({ limit: 2, remaining: 1 }));
    users.drop(users.send(20), false);
    expect(users.admit(21)).toEqual({ kind: 'go' });
    users.drop(users.send(22), true);
    expect(users.admit(23)).toEqual({ kind: 'wait', until: MINUTE });
  });
});

it('a hint binds no org that names no limits', () => {
  let isMetered = false;
  const bucket = createBucket({ name: 'users', budget: 1, limitPerMinute: 2, isMetered: () => isMetered });
  const answer = (): void =>
    bucket.answer(bucket.send(0), {
      limit: undefined,
      remaining: undefined,
      serverReset: undefined,
      resetsAt: undefined,
      receivedAt: 0,
      isFromApi: true,
    });
  for (let count = 0; count < 5; count++) answer();
  expect(bucket.admit(0)).toEqual({ kind: 'go' });
  isMetered = true;
  expect(bucket.admit(0)).toMatchObject({ kind: 'wait' });
});
