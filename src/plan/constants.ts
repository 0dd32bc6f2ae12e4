import { child, children, type TreeNode, text } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';
import { occurrencesOf } from './binder-state.ts';
import { readsOf } from './conditions.ts';
import type { BoundQuery, Scope } from './types.ts';
import { isVolatile } from './volatile.ts';

/** A constant of the statement, as the API is told it and as the engine types it. */
export interface Constant {
  /** Text as a request carries it; date-times in RFC 3339 with milliseconds. */
  readonly text: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'time' | 'null' | 'other';
  /** Milliseconds since the epoch, for times and for texts that are times. `isRounded` when the engine's value is finer. */
  readonly time?: { readonly ms: number; readonly isRounded: boolean };
}

/** Values of the constant expressions that conditions compare columns with, by node. */
export type Constants = ReadonlyMap<TreeNode, Constant>;

/** True for what has COLLATE in it: what it equals, and what is less, only the engine knows. */
export function isCollated(node: TreeNode): boolean {
  let found = false;
  walk(node, (part) => {
    found ||= part.class === 'COLLATE';
    return !found;
  });
  return found;
}

/** True for an expression that reads no column and no subquery. */
export function isConstant(bound: BoundQuery, node: TreeNode, scope: Scope): boolean {
  const reads = readsOf(bound, node, scope);
  if (reads.outer.length > 0 || reads.inner.size > 0 || isCollated(node)) return false;
  let isPlain = true;
  walk(node, (part) => {
    if (['COLUMN_REF', 'SUBQUERY', 'STAR', 'WINDOW', 'LAMBDA', 'POSITIONAL_REFERENCE'].includes(text(part, 'class'))) isPlain = false;
    if (['random', 'uuid', 'gen_random_uuid', 'nextval'].includes(text(part, 'function_name').toLowerCase())) isPlain = false;
    return isPlain;
  });
  return isPlain;
}

/** True for an expression over rows that are there before anything is fetched: those of VALUES, of local tables, of queries over these. */
export function isFixed(bound: BoundQuery, node: TreeNode, scope: Scope): boolean {
  const reads = readsOf(bound, node, scope);
  let hasSubquery = false;
  walk(node, (part) => {
    hasSubquery ||= part.class === 'SUBQUERY';
    return !hasSubquery;
  });
  return (
    (reads.outer.length > 0 || hasSubquery) &&
    reads.inner.size === 0 &&
    reads.outer.every(
      ({ source }) => occurrencesOf(source).size === 0 && !(source.kind === 'derived' && (source.isRecursive || isCollated(source.node))),
    ) &&
    !isVolatile(node) &&
    !isCollated(node)
  );
}

/** A literal's value without asking the engine; `undefined` for what must be computed. */
export function literal(node: TreeNode): Constant | undefined {
  const value = child(node, 'value');
  if (node.class !== 'CONSTANT' || value === undefined) return undefined;
  if (value.is_null === true) return { text: '', kind: 'null' };
  const type = text(child(value, 'type') ?? {}, 'id');
  const inner = value.value;
  if (type === 'VARCHAR' && typeof inner === 'string') return fromText(inner);
  if ((type === 'INTEGER' || type === 'BIGINT') && typeof inner === 'number') return { text: String(inner), kind: 'number' };
  return undefined;
}

/** The operands in conditions whose value must be known before planning. */
export function constantOperands(
  bound: BoundQuery,
  conditions: readonly TreeNode[],
  scope: Scope,
  isWanted: typeof isConstant = isConstant,
): TreeNode[] {
  const found: TreeNode[] = [];
  const add = (node: TreeNode | undefined): void => {
    if (node !== undefined && isWanted(bound, node, scope)) found.push(node);
  };
  for (const condition of conditions) {
    walk(condition, (node) => {
      if (node.class === 'COMPARISON') {
        add(child(node, 'left'));
        add(child(node, 'right'));
      } else if (node.class === 'BETWEEN') {
        add(child(node, 'lower'));
        add(child(node, 'upper'));
      } else if (node.type === 'COMPARE_IN' || node.type === 'COMPARE_NOT_IN' || node.class === 'FUNCTION') {
        children(node, 'children').slice(1).forEach(add);
      }
      return node.class !== 'SUBQUERY';
    });
  }
  return found;
}

/** What the engine says of a computed constant: its text, its type, and its time where it can be read as one. */
export function fromEngine(value: { readonly text: string | null; readonly type: string; readonly epochMicros: string | null }): Constant {
  if (value.text === null) return { text: '', kind: 'null' };
  const type = value.type.toUpperCase();
  const micros = value.epochMicros === null ? undefined : BigInt(value.epochMicros);
  const ms = micros === undefined ? undefined : Number(micros / 1000n);
  const time = ms === undefined || micros === undefined || !isWritable(ms) ? undefined : { ms, isRounded: micros % 1000n !== 0n };
  if (type.startsWith('TIMESTAMP') || type === 'DATE')
    return time === undefined ? { text: value.text, kind: 'other' } : { text: new Date(time.ms).toISOString(), kind: 'time', time };
  if (type === 'BOOLEAN') return { text: value.text, kind: 'boolean' };
  if (/^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U[A-Z]*INT|DOUBLE|FLOAT|DECIMAL)/.test(type)) return { text: value.text, kind: 'number' };
  if (type === 'VARCHAR') return fromText(value.text);
  return { text: value.text, kind: 'other' };
}

const FIRST_MS = Date.parse('0001-01-02T00:00:00Z');
const END_MS = Date.parse('9999-12-31T00:00:00Z');

/** True for a time that RFC 3339 can write: no API knows the years before 1 and after 9999, nor infinity. */
function isWritable(ms: number): boolean {
  return ms >= FIRST_MS && ms < END_MS;
}

/** A text; where it reads as a date-time, the engine would compare it as one with a TIMESTAMPTZ column. */
function fromText(value: string): Constant {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?)(\.\d+)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/.exec(value.trim());
  if (match === null) return { text: value, kind: 'text' };
  const [, date, clock = '00:00:00', fraction = '', zone = 'Z'] = match;
  const ms = Date.parse(
    `${date}T${clock.length === 5 ? `${clock}:00` : clock}${fraction.slice(0, 4)}${zone.length === 3 ? `${zone}:00` : zone}`,
  );
  return Number.isNaN(ms) || !isWritable(ms)
    ? { text: value, kind: 'text' }
    : { text: value, kind: 'text', time: { ms, isRounded: /[1-9]/.test(fraction.slice(4)) } };
}
