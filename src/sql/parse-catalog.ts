import type { NameSlice, StatementBody } from './statement.ts';
import { isName, type StatementReader } from './statement-reader.ts';

const SHOWN = {
  PROVIDERS: 'providers',
  SERVICES: 'services',
  RESOURCES: 'resources',
  METHODS: 'methods',
  TABLES: 'tables',
  ORGS: 'orgs',
  SETTINGS: 'settings',
} as const;

/** `SHOW [EXTENDED] PROVIDERS | SERVICES | RESOURCES | METHODS | TABLES | ORGS | SETTINGS [IN name] [LIKE 'pattern']`; EXTENDED may also follow the kind. */
export function parseShow(reader: StatementReader): StatementBody {
  reader.expect('SHOW');
  const before = reader.accept('EXTENDED');
  const word = reader.wordAt(reader.position) ?? '';
  if (!isShown(word)) throw reader.unexpected(`one of ${Object.keys(SHOWN).join(', ')}`, Object.keys(SHOWN));
  reader.position++;
  const extended = reader.accept('EXTENDED') || before;
  const scope = reader.accept('IN') || reader.accept('FROM') ? reader.name('a name') : undefined;
  if (word === 'METHODS' && scope === undefined) throw reader.unexpected('IN and a relation, such as IN okta.user.users', ['IN']);
  const like = reader.accept('LIKE') ? reader.string("a pattern, such as '%user%'") : undefined;
  return { kind: 'show', what: SHOWN[word], extended, scope, like };
}

function isShown(word: string): word is keyof typeof SHOWN {
  return Object.hasOwn(SHOWN, word);
}

/** `DESCRIBE [EXTENDED] relation`, or of a query. */
export function parseDescribe(reader: StatementReader): StatementBody {
  reader.position++;
  const extended = reader.accept('EXTENDED');
  const word = reader.wordAt(reader.position);
  const isQuery =
    reader.isNextSymbol('(') ||
    (word !== undefined && ['SELECT', 'WITH', 'FROM', 'VALUES', 'PIVOT', 'UNPIVOT', 'SUMMARIZE'].includes(word));
  if (isQuery) return { kind: 'describe', extended, relation: undefined, query: reader.until(() => false, 'a query') };
  if (isName(reader.peek(1))) reader.accept('TABLE');
  return { kind: 'describe', extended, relation: reader.name('a relation, such as okta.user.users, or a query'), query: undefined };
}

/** `USE provider[.service]`. */
export function parseUse(reader: StatementReader): StatementBody {
  reader.expect('USE');
  const start = reader.position;
  const scope: NameSlice = reader.name('a provider, such as okta or okta.user');
  if (scope.parts.length > 2) throw reader.error(start, `"${scope.text}" names more than a provider and a service`);
  return { kind: 'use', scope };
}

const ACTIONS = { LIST: 'list', PULL: 'pull', REMOVE: 'remove' } as const;

/** `REGISTRY LIST [provider]`, `REGISTRY PULL provider [version]`, `REGISTRY REMOVE provider [version]`; `provider:version` is one spelling of both. */
export function parseRegistry(reader: StatementReader): StatementBody {
  reader.expect('REGISTRY');
  const word = reader.wordAt(reader.position) ?? '';
  if (!isAction(word)) throw reader.unexpected('LIST, PULL or REMOVE', Object.keys(ACTIONS));
  reader.position++;
  const action = ACTIONS[word];
  if (reader.atEnd && action !== 'list') throw reader.unexpected('a provider');
  const [provider, tag] = splitDesignation(designation(reader));
  const version = tag ?? designation(reader);
  return { kind: 'registry', action, provider, version };
}

function isAction(word: string): word is keyof typeof ACTIONS {
  return Object.hasOwn(ACTIONS, word);
}

/** A run of tokens with no space between, such as `v24.01.00001`, or a string. */
function designation(reader: StatementReader): string | undefined {
  const first = reader.peek();
  if (first === undefined) return undefined;
  if (first.kind === 'string') return reader.string('a name');
  if (first.kind === 'quoted' || first.kind === 'backtick') return reader.name('a name').parts.join('.');
  if (first.kind !== 'word' && first.kind !== 'number') throw reader.unexpected('a name');
  let last = first;
  reader.position++;
  for (let next = reader.peek(); next !== undefined && next.start === last.end; next = reader.peek()) {
    last = next;
    reader.position++;
  }
  return reader.source.slice(first.start, last.end);
}

function splitDesignation(text: string | undefined): readonly [string | undefined, string | undefined] {
  const match = text === undefined ? null : /^(.+?)(?:::?|@)(.+)$/.exec(text);
  return match === null ? [text, undefined] : [match[1], match[2]];
}
