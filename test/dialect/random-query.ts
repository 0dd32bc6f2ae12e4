/** Draws one of several things. */
export interface Draw {
  readonly below: (count: number) => number;
  readonly oneOf: <T>(items: readonly [T, ...T[]]) => T;
  /** True once in `times`. */
  readonly rarely: (times: number) => boolean;
}

/** Ids that exist, to compare with. */
export interface Known {
  readonly users: readonly [string, ...string[]];
  readonly groups: readonly [string, ...string[]];
  readonly apps: readonly [string, ...string[]];
  readonly policies: readonly [string, ...string[]];
}

/** A column by what its values are: columns of one kind may be joined. */
interface Item {
  readonly alias: string;
  readonly columns: Readonly<Record<string, Kind>>;
}

type Kind = keyof Known | 'text';

const RELATIONS: readonly [readonly [string, Item['columns']], ...(readonly [string, Item['columns']])[]] = [
  ['okta.user.users', { id: 'users', 'profile.nickName': 'groups', status: 'text', 'profile.department': 'text' }],
  ['okta.group.groups', { id: 'groups', type: 'text', 'profile.name': 'text' }],
  ['okta.group.users', { groupId: 'groups', id: 'users', status: 'text' }],
  ['okta.group.users', { groupId: 'groups', id: 'users', 'profile.department': 'text' }],
  ['okta.user.groups', { userId: 'users', id: 'groups', 'profile.name': 'text' }],
  ['okta.userfactor.factors', { userId: 'users', status: 'text', factorType: 'text' }],
  ['okta.application.apps', { id: 'apps', status: 'text', label: 'text' }],
  ['okta.application.users', { appId: 'apps', id: 'users', scope: 'text' }],
  ['okta.application.groups', { appId: 'apps', id: 'groups' }],
  ['okta.policy.policies', { id: 'policies', status: 'text' }],
  ['okta.policy.rules', { policyId: 'policies', name: 'text' }],
];
const WORDS = ['ACTIVE', 'INACTIVE', 'STAGED', 'Sales', 'Alpha', 'GROUP', 'push', 'nobody'] as const;
const COMPARISONS = ['=', '=', '=', '<>', '<', '>=', 'IS NOT DISTINCT FROM', 'IS DISTINCT FROM'] as const;
const JOINS = ['JOIN', 'JOIN', 'LEFT JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'SEMI JOIN', 'ANTI JOIN', ','] as const;

/** A SELECT over two to four relations, joined in all ways, with conditions of all kinds. */
export function randomQuery(draw: Draw, known: Known): string {
  let aliases = 0;
  const alias = (): string => `r${aliases++}`;
  const ctes: string[] = [];

  const literal = (kind: Kind): string => {
    if (kind === 'text') return `'${draw.oneOf(WORDS)}'`;
    return draw.rarely(6) ? "'nothing'" : `'${draw.oneOf(known[kind])}'`;
  };

  /** Columns of a kind that items have. */
  const columnsOf = (items: readonly Item[], kind?: Kind): string[] =>
    items.flatMap((item) =>
      Object.entries(item.columns)
        .filter(([, own]) => kind === undefined || own === kind)
        .map(([name]) => `${item.alias}.${name}`),
    );
  const kindOf = (items: readonly Item[], column: string): Kind => {
    const [owner = '', ...path] = column.split('.');
    return items.find((item) => item.alias === owner)?.columns[path.join('.')] ?? 'text';
  };
  const pick = (columns: readonly string[]): string => draw.oneOf(columns as [string, ...string[]]);

  /** A condition over what is in reach. */
  const condition = (items: readonly Item[], depth = 0): string => {
    const column = pick(columnsOf(items));
    const kind = kindOf(items, column);
    switch (draw.below(depth > 1 ? 7 : 13)) {
      case 0:
        return `${column} ${draw.oneOf(COMPARISONS)} ${literal(kind)}`;
      case 1:
        return `${column} = ${literal(kind)}`;
      case 2:
        return `${column} ${draw.rarely(3) ? 'NOT IN' : 'IN'} (${literal(kind)}, ${literal(kind)})`;
      case 3:
        return `${column} IS ${draw.rarely(2) ? 'NOT ' : ''}NULL`;
      case 4:
        return `${column} ${draw.oneOf(COMPARISONS)} ${pick(columnsOf(items, kind))}`;
      case 5:
        return `coalesce(${column}, ${literal(kind)}) = ${pick(columnsOf(items, kind))}`;
      case 6:
        return `CASE WHEN ${column} = ${literal(kind)} THEN ${column} ELSE ${literal(kind)} END = ${pick(columnsOf(items, kind))}`;
      case 7:
        return `(${condition(items, depth + 1)} OR ${condition(items, depth + 1)})`;
      case 8:
        return `NOT (${condition(items, depth + 1)})`;
      case 9:
        return `(${condition(items, depth + 1)} AND ${condition(items, depth + 1)})`;
      case 10:
      case 11: {
        const inner = relation();
        const own = columnsOf([inner.item], kind);
        if (own.length === 0) return `${column} IS NOT NULL`;
        const where = draw.rarely(2) ? ` WHERE ${condition([inner.item], 2)}` : '';
        const word = draw.oneOf(['IN', 'IN', 'NOT IN', '= ANY', '<> ALL'] as const);
        return `${column} ${word} (SELECT ${pick(own)} FROM ${inner.text}${where})`;
      }
      default: {
        const inner = relation();
        return `${draw.rarely(2) ? 'NOT ' : ''}EXISTS (SELECT 1 FROM ${inner.text} WHERE ${joined(items, inner.item)})`;
      }
    }
  };

  /** A condition that ties an item to those before it. */
  const joined = (before: readonly Item[], item: Item): string => {
    const shared = [...new Set(Object.values(item.columns))].filter(
      (kind) => kind !== 'text' && columnsOf(before, kind).length > 0,
    ) as Kind[];
    const parts: string[] = [];
    if (shared.length > 0 && !draw.rarely(12)) {
      const kind = draw.oneOf(shared as [Kind, ...Kind[]]);
      const other = pick(columnsOf(before, kind));
      const supply = draw.rarely(5) ? `coalesce(${other}, ${literal(kind)})` : other;
      parts.push(`${pick(columnsOf([item], kind))} = ${supply}`);
    }
    if (parts.length === 0 || draw.rarely(3)) parts.push(condition([...before, item], 1));
    return parts.join(' AND ');
  };

  /** A FROM item: a relation, a subquery over one, a common table expression, values. */
  const relation = (): { readonly text: string; readonly item: Item } => {
    const name = alias();
    const [source, columns] = draw.oneOf(RELATIONS);
    const plain = Object.fromEntries(Object.entries(columns).filter(([column]) => !column.includes('.')));
    const isStar = draw.rarely(2);
    // Parameters are no part of a star.
    const list = `${isStar ? 'q.*, ' : ''}${Object.keys(plain)
      .map((column) => `q.${column}`)
      .join(', ')}`;
    const given = isStar ? columns : plain;
    switch (draw.below(9)) {
      case 0: {
        const where = condition([{ alias: 'q', columns }], 1);
        return {
          text: `(SELECT ${list} FROM ${source} q WHERE ${where}) ${name}`,
          item: { alias: name, columns: given },
        };
      }
      case 1: {
        const where = draw.rarely(2) ? ` WHERE ${condition([{ alias: 'q', columns }], 1)}` : '';
        const kept = draw.oneOf(['', ' MATERIALIZED', ' NOT MATERIALIZED'] as const);
        ctes.push(`c${ctes.length} AS${kept} (SELECT ${list} FROM ${source} q${where})`);
        return { text: `c${ctes.length - 1} ${name}`, item: { alias: name, columns: given } };
      }
      case 2: {
        const kind = draw.oneOf(['users', 'groups', 'apps'] as const);
        return {
          text: `(VALUES (${literal(kind)}, 'ACTIVE'), (${literal(kind)}, NULL)) ${name}(v, w)`,
          item: { alias: name, columns: { v: kind, w: 'text' } },
        };
      }
      default:
        return { text: `${source} ${name}`, item: { alias: name, columns } };
    }
  };

  const first = relation();
  let from = first.text;
  let visible: Item[] = [first.item];
  for (let more = 1 + draw.below(3); more > 0; more--) {
    const next = relation();
    const join = draw.oneOf(JOINS);
    const isHidden = join === 'SEMI JOIN' || join === 'ANTI JOIN';
    if (join === ',') {
      from = draw.rarely(2) ? `${from} CROSS JOIN ${next.text}` : `${from} JOIN ${next.text} ON true`;
    } else if (!isHidden && more > 1 && draw.rarely(5)) {
      const third = relation();
      const inner = draw.oneOf(['JOIN', 'LEFT JOIN', 'FULL JOIN'] as const);
      from = `${from} ${join} (${next.text} ${inner} ${third.text} ON ${joined([next.item], third.item)}) ON ${joined(visible, next.item)}`;
      visible = [...visible, third.item];
    } else if (!isHidden && draw.rarely(9)) {
      const inner = relation();
      const side = `LATERAL (SELECT ${columnsOf([inner.item])
        .map((column) => `${column} AS "${column.split('.').slice(1).join('_')}"`)
        .join(', ')} FROM ${inner.text} WHERE ${joined(visible, inner.item)}) ${next.item.alias}`;
      const columns = Object.fromEntries(Object.entries(inner.item.columns).map(([column, kind]) => [column.replaceAll('.', '_'), kind]));
      from = `${from} ${draw.oneOf(['JOIN', 'LEFT JOIN'] as const)} ${side} ON true`;
      visible = [...visible, { alias: next.item.alias, columns }];
      continue;
    } else {
      from = `${from} ${join} ${next.text} ON ${joined(visible, next.item)}`;
    }
    if (!isHidden) visible = [...visible, next.item];
  }
  const where = draw.rarely(3) ? '' : ` WHERE ${condition(visible)}${draw.rarely(2) ? ` AND ${condition(visible)}` : ''}`;
  const columns = columnsOf(visible);
  const first_ = pick(columns);
  // A count and a fingerprint of every value: products of four relations have too many rows to carry.
  const select = draw.rarely(4)
    ? `${first_} AS k, count(*), count(DISTINCT ${pick(columns)})`
    : `count(*), bit_xor(hash(${columns.join(', ')})), sum(hash(${columns.join(', ')}) % 1000)`;
  const group = select.startsWith('count') ? '' : ' GROUP BY ALL';
  return `${ctes.length === 0 ? '' : `WITH ${ctes.join(', ')} `}SELECT ${select} FROM ${from}${where}${group}`;
}
