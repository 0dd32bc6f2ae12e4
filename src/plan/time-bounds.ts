import { cast, comparison, functionCall, integerConstant, stringConstant } from '../sql/build.ts';
import { child, children, cloneNode, type TreeNode, text } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';
import type { BoundQuery } from './types.ts';

/** `<` and the like, as they read from the other side. */
export const MIRRORED: Readonly<Record<string, string>> = {
  COMPARE_EQUAL: 'COMPARE_EQUAL',
  COMPARE_LESSTHAN: 'COMPARE_GREATERTHAN',
  COMPARE_LESSTHANOREQUALTO: 'COMPARE_GREATERTHANOREQUALTO',
  COMPARE_GREATERTHAN: 'COMPARE_LESSTHAN',
  COMPARE_GREATERTHANOREQUALTO: 'COMPARE_LESSTHANOREQUALTO',
};

/** A bound on an expression: which side it is on, and how far beyond it the expression may still be. */
interface Bound {
  readonly isLower: boolean;
  /** The constant that the expression is compared with. */
  readonly value: TreeNode;
}

/** Units of date functions as intervals. A month is 28 to 31 days: `MONTH_SLACK` is what adding it back can be off by. */
const UNITS: Readonly<Record<string, string>> = {
  microsecond: '1 microsecond',
  millisecond: '1 millisecond',
  second: '1 second',
  minute: '1 minute',
  hour: '1 hour',
  day: '1 day',
  week: '7 days',
  month: '1 month',
  quarter: '3 months',
  year: '1 year',
};
const MONTH_SLACK = '4 days';

/** Types of numbers that are exact to one, for seconds as for days. */
const NUMBERS: ReadonlySet<string> = new Set(['INTEGER', 'BIGINT', 'HUGEINT', 'DOUBLE', 'DECIMAL']);

/** Functions that count time since a moment: seconds in a unit, and the number that stands for 1970. */
const CLOCKS: Readonly<Record<string, readonly [seconds: number, start: number]>> = {
  epoch: [1, 0],
  unixepoch: [1, 0],
  epoch_ms: [0.001, 0],
  epoch_us: [0.000001, 0],
  julianday: [86_400, 2_440_587.5],
};

/**
 * What a comparison that computes with a time says of the time itself: `created + INTERVAL 90 DAY < now()` says `created < now() -
 * INTERVAL 90 DAY`. A bound may be wider than what was asked, never narrower. The comparisons' constants are NULL where they cannot be
 * computed, and then say nothing.
 */
export function timeBounds(bound: BoundQuery, condition: TreeNode, isConstant: (node: TreeNode) => boolean): TreeNode[] {
  if (condition.class === 'BETWEEN') {
    const input = child(condition, 'input');
    const [lower, upper] = [child(condition, 'lower'), child(condition, 'upper')];
    if (input === undefined || lower === undefined || upper === undefined) return [];
    return [comparison('COMPARE_GREATERTHANOREQUALTO', input, lower), comparison('COMPARE_LESSTHANOREQUALTO', input, upper)].flatMap(
      (part) => timeBounds(bound, part, isConstant),
    );
  }
  const type = text(condition, 'type');
  const [left, right] = [child(condition, 'left'), child(condition, 'right')];
  if (condition.class !== 'COMPARISON' || MIRRORED[type] === undefined || left === undefined || right === undefined) return [];
  const [input, value, operator] = isConstant(right) ? [left, right, type] : [right, left, MIRRORED[type] ?? ''];
  if (!isConstant(value) || isTime(bound, input)) return [];
  const sides = operator === 'COMPARE_EQUAL' ? [true, false] : [operator.startsWith('COMPARE_GREATER')];
  return sides.flatMap((isLower) => {
    const found = unwrapped(bound, input, { isLower, value }, isConstant);
    if (found === undefined) return [];
    const { time, edge, isLower: isFrom } = found;
    return [comparison(isFrom ? 'COMPARE_GREATERTHANOREQUALTO' : 'COMPARE_LESSTHANOREQUALTO', time, edge)];
  });
}

function isTime(bound: BoundQuery, node: TreeNode): boolean {
  return bound.resolutions.get(node)?.sqlType === 'TIMESTAMPTZ';
}

/** A bound on a time itself. */
interface TimeBound {
  readonly time: TreeNode;
  readonly edge: TreeNode;
  readonly isLower: boolean;
}

/** The time that an expression computes with, and the bound on it. */
function unwrapped(
  bound: BoundQuery,
  node: TreeNode,
  { isLower, value }: Bound,
  isConstant: (node: TreeNode) => boolean,
): TimeBound | undefined {
  if (isTime(bound, node)) return { time: node, edge: attempt(moment(value)), isLower };
  const below = (inner: TreeNode, next: Bound): TimeBound | undefined => unwrapped(bound, inner, next, isConstant);
  const name = text(node, 'function_name').toLowerCase();
  const [first, second, third] = children(node, 'children');
  const truncated = (inner: TreeNode, unit: string): TimeBound | undefined =>
    // What is cut off makes the result earlier by less than the unit.
    below(inner, { isLower, value: isLower ? value : shifted(value, '+', unit) });
  // A date is no earlier than a time of the same day.
  const ofDate = (inner: TreeNode, date: TreeNode): TimeBound | undefined =>
    below(inner, { isLower, value: isLower ? date : shifted(date, '+', '1 day') });
  if (node.class === 'CAST') {
    const target = text(child(node, 'cast_type') ?? {}, 'id');
    const inner = child(node, 'child');
    if (inner === undefined) return undefined;
    if (target === 'DATE') return ofDate(inner, as(value, 'DATE'));
    if (target === 'VARCHAR') return textOf(inner) === undefined ? undefined : below(inner, { isLower, value });
    if (NUMBERS.has(target)) {
      // What has a fraction may be rounded either way.
      const edge = functionCall(isLower ? '-' : '+', [number(value), integerConstant(1)]);
      return below(secondsOf(inner) ?? inner, { isLower, value: edge });
    }
    // Coarser ones are rounded.
    const isFine = target === 'TIMESTAMP' || target === 'TIMESTAMP WITH TIME ZONE';
    return isFine && isTime(bound, inner) ? below(inner, { isLower, value: moment(value) }) : undefined;
  }
  if (node.class !== 'FUNCTION' || first === undefined) return undefined;
  if ((name === '+' || name === 'date_add') && second !== undefined) {
    const [inner, added] = isConstant(second) ? [first, second] : [second, first];
    return isConstant(added) ? below(inner, { isLower, value: without(bound, inner, value, added, '-', isLower) }) : undefined;
  }
  if (name === '-' && second !== undefined) {
    if (isConstant(second)) return below(first, { isLower, value: without(bound, first, value, second, '+', isLower) });
    if (!isConstant(first)) return undefined;
    // A difference of times has no months in it, so an interval with months cannot be taken off a time instead.
    if (isTimely(bound, second) && hasMonths(value)) return undefined;
    return below(second, { isLower: !isLower, value: isTime(bound, second) ? minus(moment(first), span(value)) : minus(first, value) });
  }
  if (name === '/' && second !== undefined && Number(child(second, 'value')?.value) > 0)
    return below(first, { isLower, value: functionCall('*', [number(value), number(second)]) });
  if (['date_diff', 'datediff', 'date_sub', 'datesub'].includes(name) && second !== undefined && third !== undefined) {
    const unit = UNITS[wordOf(first)];
    if (unit === undefined) return undefined;
    const [inner, fixed] = isConstant(third) ? [second, third] : [third, second];
    if (!isConstant(fixed) || isConstant(inner)) return undefined;
    const isBackwards = inner === second;
    const units = functionCall('*', [cast(stringConstant(unit), 'INTERVAL'), cast(number(value), 'BIGINT')]);
    const counted = functionCall(isBackwards ? '-' : '+', [moment(fixed), units]);
    // Boundaries are counted, or whole units: either is off by less than one.
    const isLowerBelow = isBackwards ? !isLower : isLower;
    return below(inner, { isLower: isLowerBelow, value: shifted(counted, isLowerBelow ? '-' : '+', unit) });
  }
  if (name === 'date_trunc' && second !== undefined) {
    const unit = UNITS[wordOf(first)];
    return unit === undefined ? undefined : truncated(second, unit);
  }
  if (name === 'date' || name === 'sqlite_date') return second === undefined ? ofDate(first, as(value, 'DATE')) : undefined;
  if (name === 'datetime') return second === undefined ? truncated(first, '1 second') : undefined;
  if (name === 'timezone' && second !== undefined && stringOf(first) === 'UTC') return below(second, { isLower, value });
  const asText = textOf(node);
  if (asText !== undefined) return ofDate(asText, writtenDate(value));
  const [counter, inner] = name === 'date_part' && second !== undefined ? [wordOf(first), second] : [name, first];
  if (counter === 'year') {
    const year = functionCall('+', [cast(number(value), 'BIGINT'), integerConstant(isLower ? 0 : 1)]);
    const start = functionCall('make_timestamptz', [year, ...[1, 1, 0, 0].map(integerConstant), cast(integerConstant(0), 'DOUBLE')]);
    return below(inner, { isLower, value: start });
  }
  if ((counter === 'epoch' || counter === 'day') && isDifference(bound, inner, isConstant)) {
    const unit = counter === 'day' ? 86_400 : 1;
    const seconds = functionCall('*', [number(value), number(stringConstant(String(unit)))]);
    // Days are counted whole, before now as after it.
    const edge = functionCall(isLower ? '-' : '+', [seconds, number(stringConstant(String(unit)))]);
    return below(inner, { isLower, value: functionCall('to_seconds', [edge]) });
  }
  const clock = CLOCKS[counter];
  if (clock === undefined || (second !== undefined && name !== 'date_part')) return undefined;
  const [seconds, start] = clock;
  const since = functionCall('*', [minus(number(value), number(stringConstant(String(start)))), number(stringConstant(String(seconds)))]);
  // The clock may count whole units, and a double is not exact to the microsecond.
  const slack = Math.max(seconds === 86_400 ? 0.01 : seconds, 0.001);
  const edge = functionCall(isLower ? '-' : '+', [since, number(stringConstant(String(slack)))]);
  return below(inner, { isLower, value: functionCall('to_timestamp', [edge]) });
}

/** `strftime('%s', created)`: seconds as text, which has another order than numbers. */
function secondsOf(node: TreeNode): TreeNode | undefined {
  const [format, time, ...more] = children(node, 'children');
  const isSeconds = text(node, 'function_name') === 'strftime' && format !== undefined && stringOf(format) === '%s';
  return isSeconds && time !== undefined && more.length === 0 ? functionCall('unixepoch', [time]) : undefined;
}

/** A moment less a time: days and less, no months. */
function isDifference(bound: BoundQuery, node: TreeNode, isConstant: (part: TreeNode) => boolean): boolean {
  const [from, time] = children(node, 'children');
  return text(node, 'function_name') === '-' && from !== undefined && time !== undefined && isConstant(from) && isTime(bound, time);
}

/** The time of which an expression is text that begins with the date: `substr(created, 1, 10)`, `strftime('%Y-%m-%d', created)`. */
function textOf(node: TreeNode): TreeNode | undefined {
  const name = text(node, 'function_name').toLowerCase();
  const parts = children(node, 'children');
  const isDate = (part: TreeNode | undefined): boolean => part !== undefined && stringOf(part)?.startsWith('%Y-%m-%d') === true;
  if (name === 'strftime') return parts.length > 2 ? undefined : isDate(parts[1]) ? parts[0] : isDate(parts[0]) ? parts[1] : undefined;
  const isStart =
    (['substr', 'substring'].includes(name) &&
      child(parts[1] ?? {}, 'value')?.value === 1 &&
      child(parts[2] ?? {}, 'value')?.value === 10) ||
    (name === 'left' && child(parts[1] ?? {}, 'value')?.value === 10);
  // Functions of text see a time as RFC 3339.
  const [written] = parts;
  const zoned = isStart && text(written ?? {}, 'function_name') === 'strftime' ? children(written ?? {}, 'children')[0] : undefined;
  return zoned !== undefined && text(zoned, 'function_name') === 'timezone' ? children(zoned, 'children')[1] : undefined;
}

/** A bound on `x + added` as one on `x`. */
function without(bound: BoundQuery, inner: TreeNode, value: TreeNode, added: TreeNode, sign: '+' | '-', isLower: boolean): TreeNode {
  if (!isTimely(bound, inner)) return functionCall(sign, [number(value), number(added)]);
  const moved = functionCall(sign, [moment(value), span(added)]);
  return hasMonths(added) ? shifted(moved, isLower ? '-' : '+', MONTH_SLACK) : moved;
}

/** True for what gives a time, false for what gives a number. */
function isTimely(bound: BoundQuery, node: TreeNode): boolean {
  const name = text(node, 'function_name').toLowerCase();
  return isTime(bound, node) || node.class === 'CAST' || ['+', '-', 'date_add', 'date_trunc', 'date', 'datetime'].includes(name);
}

/** True unless an interval is surely of days, hours and the like. */
function hasMonths(node: TreeNode): boolean {
  let isPlain = true;
  walk(node, (part) => {
    const name = text(part, 'function_name').toLowerCase();
    if (/^to_(months|quarters|years|decades|centuries|millennia)$/.test(name)) isPlain = false;
    const word = stringOf(part);
    if (
      word !== undefined &&
      !/^[\d\s.:+-]*((w|weeks?|d|days?|h|hours?|m|mins?|minutes?|s|secs?|seconds?|ms|milliseconds?)\s*[\d\s.:+-]*)*$/i.test(word)
    )
      isPlain = false;
    return isPlain;
  });
  return !isPlain;
}

function stringOf(node: TreeNode): string | undefined {
  const value = node.class === 'CONSTANT' ? child(node, 'value')?.value : undefined;
  return typeof value === 'string' ? value : undefined;
}

function wordOf(node: TreeNode): string {
  return (stringOf(node) ?? '').toLowerCase().replace(/s$/, '');
}

const minus = (left: TreeNode, right: TreeNode): TreeNode => functionCall('-', [left, right]);
const shifted = (value: TreeNode, sign: '+' | '-', by: string): TreeNode =>
  functionCall(sign, [moment(value), cast(stringConstant(by), 'INTERVAL')]);

/** A value as a type, whatever it was written as; NULL where it is none. */
const as = (node: TreeNode, type: string): TreeNode => ({
  ...cast(cast({ ...cloneNode(node), alias: '' }, 'VARCHAR'), type),
  try_cast: true,
});
const moment = (node: TreeNode): TreeNode => as(node, 'TIMESTAMP WITH TIME ZONE');
/** A number that is added to a date is days. */
const span = (node: TreeNode): TreeNode =>
  as(
    stringOf(node) === undefined
      ? functionCall('regexp_replace', [
          cast({ ...cloneNode(node), alias: '' }, 'VARCHAR'),
          ...['^-?\\d+$', '\\0 days'].map(stringConstant),
        ])
      : node,
    'INTERVAL',
  );
/** The date that a text begins with: texts of other shapes are before or after those of dates for other reasons than time. */
const writtenDate = (node: TreeNode): TreeNode =>
  functionCall('regexp_extract', [cast({ ...cloneNode(node), alias: '' }, 'VARCHAR'), stringConstant('^\\d{4}-\\d\\d-\\d\\d')]);
const number = (node: TreeNode): TreeNode => as(node, 'DOUBLE');
/** A value that may turn out not to be computable, which is no error then. */
const attempt = (node: TreeNode): TreeNode => ({ class: 'OPERATOR', type: 'OPERATOR_TRY', alias: '', query_location: 0, children: [node] });
