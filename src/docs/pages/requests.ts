import type { AttributeFact, FilterFact, MethodFacts } from '../../catalog/overlay.ts';
import type { Method, Relation } from '../../catalog/types.ts';
import type { Block, Inlines } from '../model/page.ts';
import { code, commaList, copyable } from '../model/text.ts';

/** What the methods send: verb and path, scopes, pages, quota. */
export function requestsSection(relation: Relation): readonly Block[] {
  if (relation.methods.length === 0) return [];
  const hidden = relation.methods.filter((method) => method.hidden === true);
  return [
    { kind: 'heading', level: 2, id: 'requests', content: ['Requests, paging and quotas'] },
    {
      kind: 'paragraph',
      content: [
        'What each method sends, how large its pages are, and the rate limit that it shares with the other methods of its bucket.',
        ...(hidden.length === 0
          ? []
          : [' Not in ', code('SHOW METHODS'), ', but there: ', ...commaList(hidden.map((method) => code(method.name))), '.']),
      ],
    },
    {
      kind: 'table',
      label: 'Requests of the methods',
      columns: ['Method', 'HTTP', 'Scopes', 'Paging', 'Quota bucket'],
      rows: relation.methods.map((method) => {
        const facts = relation.overlay.methods[method.name];
        return [
          [code(method.name), ...(method.deprecated ? [' (deprecated)'] : []), ...furtherVerbs(method)],
          [copyable(`${method.http.verb} ${method.http.path}`)],
          method.scopes.length === 0 ? ['not stated'] : commaList(method.scopes.map(copyable)),
          pagingCell(method, facts),
          bucketCell(facts),
        ];
      }),
    },
  ];
}

function furtherVerbs(method: Method): Inlines {
  const further = method.verbs.filter((verb) => verb !== method.verb);
  return further.length === 0 ? [] : [' (also ', further.join(', '), ')'];
}

function pagingCell(method: Method, facts: MethodFacts | undefined): Inlines {
  if (!method.verbs.includes('SELECT')) return ['-'];
  const size = facts?.pageSize;
  if (size !== undefined) return [`${size.size} rows a page (`, code(size.parameter), `, at most ${size.max})`];
  return method.pagination.algorithm === 'none' ? ['one page'] : ['as the API pages'];
}

function bucketCell(facts: MethodFacts | undefined): Inlines {
  if (facts?.bucket === undefined) return ['not stated'];
  return [code(facts.bucket), ...(facts.limitPerMinute === undefined ? [] : [`, ${facts.limitPerMinute} requests a minute`])];
}

/** Which predicates the API evaluates, sorts and projects by. */
export function filterSection(relation: Relation): readonly Block[] {
  const reading = relation.methods.filter((method) => method.verbs.includes('SELECT'));
  const rows = reading.flatMap((method) =>
    (relation.overlay.methods[method.name]?.filters ?? []).flatMap((filter) => filterRows(method, filter)),
  );
  const remarks = reading.flatMap((method) => methodRemarks(method, relation.overlay.methods[method.name]));
  if (rows.length === 0 && remarks.length === 0) return [];
  const blocks: Block[] = [{ kind: 'heading', level: 2, id: 'filters', content: ['What the API filters'] }];
  if (rows.length > 0) {
    blocks.push(
      {
        kind: 'paragraph',
        content: [
          'Predicates on these columns are sent to the API, so that fewer rows travel. The engine evaluates every predicate again, whatever the API did: an inexact filter may return more rows than asked for, never fewer.',
        ],
      },
      {
        kind: 'table',
        label: 'Predicates that the API evaluates',
        columns: ['Column', 'Operators', 'Exactness', 'Parameter', 'Method'],
        rows,
      },
    );
  }
  if (remarks.length > 0) blocks.push({ kind: 'list', ordered: false, items: remarks.map((content) => [{ kind: 'paragraph', content }]) });
  return blocks;
}

const MOST_ATTRIBUTES = 60;

function filterRows(method: Method, filter: FilterFact): readonly (readonly Inlines[])[] {
  const entries = Object.entries(filter.attributes);
  const rows = entries
    .slice(0, MOST_ATTRIBUTES)
    .map(([attribute, fact]) => [
      [attribute.includes('*') ? code(attribute) : copyable(attribute)],
      [operatorsOf(fact)],
      [fact.exact ? 'exact' : 'inexact'],
      [code(filter.parameter), ...(filter.indexed === true ? [' (index, eventually consistent)'] : [])],
      [code(method.name)],
    ]);
  if (entries.length > MOST_ATTRIBUTES)
    rows.push([[`and ${entries.length - MOST_ATTRIBUTES} more`], [''], [''], [code(filter.parameter)], [code(method.name)]]);
  return rows;
}

const OPERATORS: Readonly<Record<AttributeFact['operators'][number], string>> = {
  eq: '= and IN',
  ne: '<>',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
  sw: "LIKE 'x%'",
  ew: "LIKE '%x'",
  co: "LIKE '%x%'",
  pr: 'IS NOT NULL',
};

function operatorsOf(fact: AttributeFact): string {
  return fact.operators.map((operator) => OPERATORS[operator]).join(', ');
}

function methodRemarks(method: Method, facts: MethodFacts | undefined): readonly Inlines[] {
  const remarks: Inlines[] = [];
  const sorted = Object.keys(facts?.sort?.attributes ?? {});
  if (sorted.length > 0) remarks.push([code(method.name), ' is sorted by the API on ', ...commaList(sorted.map(code)), '.']);
  if (facts?.projection !== undefined)
    remarks.push([code(method.name), ' sends only the columns that a query needs (', code(facts.projection.parameter), ').']);
  for (const omitted of facts?.omits ?? [])
    remarks.push([
      code(method.name),
      ' leaves out rows with ',
      code(omitted.column),
      ' ',
      code(omitted.value),
      ' where the API is asked plainly; a query that could see them asks so that they are in.',
    ]);
  const defaults = Object.entries(facts?.defaults ?? {});
  if (defaults.length > 0)
    remarks.push([
      code(method.name),
      ' is always sent ',
      ...commaList(defaults.map(([name, value]) => code(`${name}=${value.replace('$now', 'now')}`))),
      ', unless the statement says otherwise.',
    ]);
  return remarks;
}
