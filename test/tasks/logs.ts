import { valueAt } from '../../src/emulator/filter/compile.ts';
import type { LogEvent } from '../../src/emulator/model.ts';
import type { Org } from '../../src/emulator/org.ts';
import { ago, counted, iso, type Row, type Task, type Value } from './task.ts';

const USER_X = '00uX0000000000000001';

const at = (value: unknown, ...path: string[]): Value => (valueAt(value, path) ?? null) as Value;
const since = (org: Org, days: number): readonly LogEvent[] => org.logs.events.filter((event) => event.published >= ago(days));
const isSignIn = (event: LogEvent): boolean => event.eventType === 'user.session.start' && at(event.outcome, 'result') === 'SUCCESS';
const isDenial = (event: LogEvent): boolean => event.eventType === 'user.mfa.okta_verify.deny_push';

/** What happened. */
export const logs: readonly Task[] = [
  {
    name: '33: sign-ins that failed in a day, by user and address',
    sql: `SELECT json_extract(actor,'$.alternateId') AS who, json_extract(client,'$.ipAddress') AS ip,
             json_extract(outcome,'$.result') AS result, COUNT(*) AS n
      FROM okta.log.logs
      WHERE since = datetime('now','-1 day')
        AND json_extract(outcome,'$.result') IN ('FAILURE','DENY')
      GROUP BY 1,2,3 HAVING n >= 10 ORDER BY n DESC;`,
    answer: (org) =>
      counted(
        since(org, 1)
          .filter((event) => ['FAILURE', 'DENY'].includes(String(at(event.outcome, 'result'))))
          .map((event): Row => [at(event.actor, 'alternateId'), at(event.client, 'ipAddress'), at(event.outcome, 'result')]),
      )
        .filter((row) => Number(row[3]) >= 10)
        .toSorted((a, b) => Number(b[3]) - Number(a[3])),
    order: [3],
    floor: 3,
  },
  {
    name: '35: tired thumbs, and sign-ins from a new country',
    sql: `WITH e AS (
        SELECT actor.id AS uid, published, eventType, client.geographicalContext.country AS country
        FROM okta.log.logs
        WHERE published >= now() - INTERVAL 7 DAY
          AND (eventType = 'user.mfa.okta_verify.deny_push'
            OR (eventType = 'user.session.start' AND outcome.result = 'SUCCESS')))
      SELECT uid, 'push fatigue' AS finding, MIN(published) AS seen, COUNT(*) AS n
      FROM e WHERE eventType = 'user.mfa.okta_verify.deny_push' AND published >= now() - INTERVAL 1 DAY
      GROUP BY uid HAVING n >= 3
      UNION ALL
      SELECT uid, 'new country: ' || country, MIN(published), COUNT(*)
      FROM e WHERE eventType = 'user.session.start' GROUP BY uid, country
      QUALIFY MIN(published) > MIN(MIN(published)) OVER (PARTITION BY uid);`,
    answer: (org) => {
      const tired = grouped(since(org, 1).filter(isDenial), (event) => [at(event.actor, 'id')]).filter(({ events }) => events.length >= 3);
      const trips = grouped(since(org, 7).filter(isSignIn), (event) => [
        at(event.actor, 'id'),
        at(event.client, 'geographicalContext', 'country'),
      ]);
      const first = new Map<Value | undefined, number>();
      for (const { key, seen } of trips) first.set(key[0], Math.min(seen, first.get(key[0]) ?? seen));
      return [
        ...tired.map(({ key, seen, events }): Row => [key[0] ?? null, 'push fatigue', iso(seen), events.length]),
        ...trips
          .filter(({ key, seen }) => seen > (first.get(key[0]) ?? seen))
          .map(({ key, seen, events }): Row => {
            const country = key[1] ?? null;
            return [key[0] ?? null, country === null ? null : `new country: ${country}`, iso(seen), events.length];
          }),
      ];
    },
    floor: 53,
  },
  {
    name: "36: one user's week",
    sql: `SELECT published, eventType, json_extract(outcome,'$.result') AS result, json_extract(client,'$.ipAddress') AS ip,
             json_extract(client,'$.geographicalContext.country') AS country
      FROM okta.log.logs
      WHERE since = datetime('now','-7 days')
        AND (json_extract(actor,'$.id') = '00uX0000000000000001' OR json_extract(target,'$[0].id') = '00uX0000000000000001')
      ORDER BY published;`,
    answer: (org) =>
      since(org, 7)
        .filter((event) => at(event.actor, 'id') === USER_X || at(event.target?.[0], 'id') === USER_X)
        .map(
          (event): Row => [
            iso(event.published),
            event.eventType,
            at(event.outcome, 'result'),
            at(event.client, 'ipAddress'),
            at(event.client, 'geographicalContext', 'country'),
          ],
        ),
    order: [0],
    floor: 1,
  },
];

function grouped(
  events: readonly LogEvent[],
  keyOf: (event: LogEvent) => Row,
): readonly { readonly key: Row; readonly events: readonly LogEvent[]; readonly seen: number }[] {
  const groups = new Map<string, LogEvent[]>();
  for (const event of events) {
    const key = JSON.stringify(keyOf(event));
    const own = groups.get(key);
    if (own === undefined) groups.set(key, [event]);
    else own.push(event);
  }
  return [...groups].map(([key, own]) => ({
    key: JSON.parse(key) as Row,
    events: own,
    seen: Math.min(...own.map((event) => event.published)),
  }));
}
