import { compileFilter, type FilterGrammar, type Test, valueAt } from '../filter/compile.ts';
import type { LogEvent } from '../model.ts';
import { limitOf, linkHeaders } from '../paging.ts';
import { invalid, refuse } from '../refusal.ts';
import { arrayBytes } from '../reply.ts';
import { isoTimeMs, parseTime } from '../time.ts';
import type { Call, Family, Reply } from '../types.ts';

const DAY_MS = 86_400_000;

/** The system log: bounded queries end, polling queries never do. */
export const logs: Family = { name: 'logs', routes: [{ method: 'GET', path: '/api/v1/logs', handle: listEvents }] };

const ROOTS: ReadonlySet<string> = new Set([
  'uuid',
  'eventType',
  'version',
  'severity',
  'legacyEventType',
  'displayMessage',
  'actor',
  'client',
  'outcome',
  'target',
  'transaction',
  'debugContext',
  'authenticationContext',
  'securityContext',
  'request',
  'device',
]);
const NO_CONTAINS: ReadonlySet<string> = new Set(['debugContext.debugData.url', 'debugContext.debugData.requestUri']);
const OPERATORS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'sw', 'ew', 'co', 'pr'] as const;

const FILTER: FilterGrammar<LogEvent> = {
  isCaseSensitive: true,
  allowsNot: true,
  errorCode: 'E0000053',
  attribute: (name) => {
    const path = name.split('.');
    if (!ROOTS.has(path[0] ?? '')) return undefined;
    return {
      type: 'text',
      operators: NO_CONTAINS.has(name) ? OPERATORS.filter((operator) => operator !== 'co') : OPERATORS,
      get: (event) => valueAt(event, path),
    };
  },
};

function listEvents(call: Call): Reply {
  const { query } = call;
  const isDescending = sortOrder(query.get('sortOrder'));
  const isPolling = !isDescending && !query.has('until');
  const limit = limitOf(call, { fallback: 100, max: 1000 });
  const test = testOf(call);
  const after = query.get('after');
  if (after !== null && query.has('since')) throw invalid('after', ["'since' and 'after' cannot be used together"]);
  const until = dateOf(query.get('until'), 'until') ?? call.now + 1;
  const since = Math.max(dateOf(query.get('since'), 'since') ?? until - 7 * DAY_MS, call.now - 90 * DAY_MS);
  if (query.has('since') && query.has('until') && since > until) throw invalid('since', ["'since' must not be after 'until'"]);
  return isPolling ? poll(call, test, limit, since, after) : bounded(call, test, limit, { since, until, after, isDescending });
}

function sortOrder(given: string | null): boolean {
  if (given === null || given === '' || /^asc(ending)?$/i.test(given)) return false;
  if (/^desc(ending)?$/i.test(given)) return true;
  throw invalid('sortOrder', ['sortOrder: must be ASCENDING or DESCENDING']);
}

function dateOf(given: string | null, name: string): number | undefined {
  if (given === null || given === '') return undefined;
  const time = parseTime(given.replace(' ', '+'));
  if (time === undefined) throw refuse('E0000001', [`${name}: '${given}' is not a valid date`]);
  return time;
}

function testOf(call: Call): Test<LogEvent> {
  const filter = call.query.get('filter');
  const q = call.query.get('q');
  const byFilter = filter === null || filter === '' ? undefined : compileFilter(filter, FILTER);
  const byWords = q === null || q.trim() === '' ? undefined : wordsTest(q);
  if (byFilter === undefined) return byWords ?? (() => true);
  return byWords === undefined ? byFilter : (event) => byFilter(event) && byWords(event);
}

/** All words must stand somewhere in the event's values. What events share (clients) is looked through once. */
function wordsTest(q: string): Test<LogEvent> {
  const words = q.toLowerCase().trim().split(/\s+/);
  if (words.length > 10) throw invalid('q', ['q: at most 10 keywords']);
  if (words.some((word) => word.length > 40)) throw invalid('q', ['q: a keyword has at most 40 characters']);
  const seen = new WeakMap<object, number>();
  const all = (1 << words.length) - 1;
  const maskOf = (value: unknown): number => {
    if (typeof value === 'string') {
      const folded = value.toLowerCase();
      return words.reduce((mask, word, index) => (folded.includes(word) ? mask | (1 << index) : mask), 0);
    }
    if (typeof value !== 'object' || value === null) return 0;
    let mask = seen.get(value);
    if (mask === undefined) {
      mask = 0;
      for (const inner of Object.values(value)) mask |= maskOf(inner);
      seen.set(value, mask);
    }
    return mask;
  };
  return (event) => maskOf(event) === all;
}

/** A cursor of a bounded query: the event's time, its place among those of that time, and the `since` that the `next` link does not carry. */
const BOUNDED_CURSOR = /^(\d{1,16})_(\d{1,9})_(\d{1,16})$/;
const POLLING_CURSOR = /^(\d{1,16})_p(\d{1,9})$/;

interface Bounds {
  readonly since: number;
  readonly until: number;
  readonly after: string | null;
  readonly isDescending: boolean;
}

function bounded(call: Call, test: Test<LogEvent>, limit: number, bounds: Bounds): Reply {
  const { logs: store } = call.org;
  const { isDescending, after } = bounds;
  const cursor = after === null ? undefined : BOUNDED_CURSOR.exec(after);
  if (cursor === null) throw refuse('E0000029', ['Invalid cursor.']);
  const since = cursor === undefined ? bounds.since : Number(cursor[3]);
  const from = store.indexFrom(since);
  const to = store.indexFrom(bounds.until);
  const step = isDescending ? -1 : 1;
  let index = isDescending ? to - 1 : from;
  if (cursor !== undefined) index = store.indexFrom(Number(cursor[1])) + Number(cursor[2]) + step;
  const shown: LogEvent[] = [];
  let lastIndex = -1;
  let hasMore = false;
  for (; isDescending ? index >= from : index < to; index += step) {
    const event = store.events[index];
    if (event === undefined || !test(event)) continue;
    if (shown.length === limit) {
      hasMore = true;
      break;
    }
    shown.push(event);
    lastIndex = index;
  }
  const last = shown[shown.length - 1];
  const next = hasMore && last !== undefined ? `${last.published}_${lastIndex - store.indexFrom(last.published)}_${since}` : undefined;
  return reply(call, shown, limit, next);
}

/** Events in the order in which they were written, from `since` or the cursor on; there is always a next page. */
function poll(call: Call, test: Test<LogEvent>, limit: number, since: number, after: string | null): Reply {
  const { persisted } = call.org.logs;
  let index = 0;
  if (after !== null) {
    const match = POLLING_CURSOR.exec(after);
    if (match === null) throw refuse('E0000029', ['Invalid cursor.']);
    index = Number(match[2]);
  }
  const shown: LogEvent[] = [];
  for (; index < persisted.length && shown.length < limit; index++) {
    const event = persisted[index];
    if (event !== undefined && (after !== null || event.published >= since) && test(event)) shown.push(event);
  }
  return reply(call, shown, limit, `${shown[shown.length - 1]?.published ?? call.now}_p${index}`);
}

function reply(call: Call, shown: readonly LogEvent[], limit: number, next: string | undefined): Reply {
  return { status: 200, body: arrayBytes(shown.map(eventText)), headers: linkHeaders(call, limit, next, { dropsFromNext: ['since'] }) };
}

/** The text of what many events share (clients, contexts), kept for as long as an event holds it. */
const sharedTexts = new WeakMap<object, string>();

function shared(value: object | null): string {
  if (value === null) return 'null';
  let text = sharedTexts.get(value);
  if (text === undefined) {
    text = JSON.stringify(value);
    sharedTexts.set(value, text);
  }
  return text;
}

/** Put together from parts, since 200 000 whole events through JSON.stringify take seven seconds. */
function eventText(event: LogEvent): string {
  return (
    `{"actor":${JSON.stringify(event.actor)},"client":${shared(event.client)},"device":null,"authenticationContext":${shared(event.authenticationContext)},` +
    `"displayMessage":${JSON.stringify(event.displayMessage)},"eventType":${JSON.stringify(event.eventType)},"outcome":${JSON.stringify(event.outcome)},` +
    `"published":"${isoTimeMs(event.published)}","securityContext":${shared(event.securityContext)},"severity":"${event.severity}",` +
    `"debugContext":${JSON.stringify(event.debugContext)},"legacyEventType":${JSON.stringify(event.legacyEventType)},"transaction":${JSON.stringify(event.transaction)},` +
    `"uuid":"${event.uuid}","version":"${event.version}","request":${shared(event.request)},"target":${JSON.stringify(event.target)}}`
  );
}
