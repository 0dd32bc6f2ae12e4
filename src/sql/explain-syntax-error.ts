import { OrgqlError } from '../util/errors.ts';
import { suggest } from '../util/suggestions.ts';
import { type Token, tokenise } from './lexer.ts';
import { isName, isSymbol } from './statement-reader.ts';

/** A change of the text that may be what the user meant. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The keyword that is to be something else, for changes of which one sentence can name several. */
  readonly keyword?: string;
  readonly what: string;
}

/** At most so many changes in one statement, and attempts to find them: each attempt is one parse, of about a millisecond. */
const MAX_CHANGES = 8;
const MAX_ATTEMPTS = 60;

/**
 * The same error with a hint that shows the corrected line, where a small change makes the text parse: AS before an alias that is a keyword,
 * a misspelt keyword, a comma too many, a keyword used as a name without quotes. `parse` throws `syntax_error`, with a span in the text given, for a text that does not parse.
 */
export async function explainSyntaxError(
  error: OrgqlError,
  source: string,
  parse: (text: string) => Promise<unknown>,
): Promise<OrgqlError> {
  if (error.span === undefined || error.hint !== undefined) return error;
  let text = source;
  let place = error.span.offset;
  let attempts = 0;
  const made: Change[] = [];
  while (made.length < MAX_CHANGES) {
    let best: { readonly change: Change; readonly text: string; readonly place: number } | undefined;
    for (const change of changesAt(text, place)) {
      if (++attempts > MAX_ATTEMPTS) return error;
      const changed = text.slice(0, change.start) + change.text + text.slice(change.end);
      const next = await failure(changed, parse);
      if (next === undefined) return withHint(error, source, changed, [...made, change]);
      // A change that lets the parser go on further is a step on the way.
      const reached = next - (changed.length - text.length);
      if (reached > place && reached > (best === undefined ? place : best.place - (best.text.length - text.length)))
        best = { change, text: changed, place: next };
    }
    if (best === undefined) return error;
    made.push(best.change);
    text = best.text;
    place = best.place;
  }
  return error;
}

/** Where a text fails to parse, or `undefined` when it does not. */
async function failure(text: string, parse: (text: string) => Promise<unknown>): Promise<number | undefined> {
  try {
    await parse(text);
    return undefined;
  } catch (error) {
    return error instanceof OrgqlError && error.span !== undefined ? error.span.offset : -1;
  }
}

const KEYWORDS =
  'SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT OFFSET JOIN LEFT RIGHT FULL INNER OUTER CROSS ON USING UNION ALL DISTINCT AND OR NOT IN IS NULL LIKE BETWEEN CASE WHEN THEN ELSE END AS WITH QUALIFY EXISTS VALUES INTERSECT EXCEPT ASC DESC NULLS'.split(
    ' ',
  );

/** Words that begin a clause: nobody calls a column so without quotes. */
const CLAUSES = new Set(['SELECT', 'FROM', 'WHERE', 'GROUP', 'HAVING', 'QUALIFY', 'UNION', 'INTERSECT', 'EXCEPT', 'JOIN', 'ON', 'USING']);

function changesAt(text: string, place: number): Change[] {
  const tokens = tokensOf(text);
  let index = tokens.findIndex((token) => token.start >= place);
  if (index < 0) index = tokens.length;
  const changes: Change[] = [];
  for (const at of [index, index - 1]) changes.push(...aliasChange(tokens, at, text));
  for (const at of [index, index - 1, index - 2]) changes.push(...keywordChange(tokens, at));
  for (const token of [tokens[index], tokens[index - 1]]) {
    if (token !== undefined && isSymbol(token, ','))
      changes.push({ start: token.start, end: token.end, text: '', what: 'leave out the comma' });
  }
  for (const at of [index, index - 1]) changes.push(...quoteChange(tokens, at, text));
  return changes;
}

function tokensOf(text: string): readonly Token[] {
  try {
    return tokenise(text);
  } catch {
    return [];
  }
}

/** AS before a word that follows a value, as an alias does. */
function aliasChange(tokens: readonly Token[], index: number, text: string): Change[] {
  const token = tokens[index];
  const before = tokens[index - 1];
  if (token === undefined || before === undefined || !(token.kind === 'word' || token.kind === 'string')) return [];
  const afterValue =
    before.kind === 'symbol'
      ? [')', ']', '}', '*'].includes(before.text)
      : before.kind !== 'word' || !KEYWORDS.includes(before.text) || before.text === 'END' || before.text === 'NULL';
  if (!afterValue) return [];
  // A clause that breaks off is no alias.
  if (token.kind === 'word' && CLAUSES.has(token.text) && index === tokens.length - 1) return [];
  const name = text.slice(token.start, token.end);
  return [{ start: token.start, end: token.start, text: 'AS ', keyword: name, what: ALIAS }];
}

function keywordChange(tokens: readonly Token[], index: number): Change[] {
  const token = tokens[index];
  if (token?.kind !== 'word' || KEYWORDS.includes(token.text)) return [];
  const meant = suggest(token.text, KEYWORDS);
  return meant === undefined ? [] : [{ start: token.start, end: token.end, text: meant, what: `did you mean ${meant}?` }];
}

const ALIAS = 'it needs AS to be an alias';
const NAME = 'it needs quotes to be a name';

/** Quotes around a keyword that is used as a name. */
function quoteChange(tokens: readonly Token[], index: number, text: string): Change[] {
  const token = tokens[index];
  if (!isName(token) || token.kind !== 'word') return [];
  if (CLAUSES.has(token.text) && index === tokens.length - 1) return [];
  const name = text.slice(token.start, token.end);
  return [{ start: token.start, end: token.end, text: `"${name}"`, keyword: name, what: NAME }];
}

function withHint(error: OrgqlError, source: string, corrected: string, changes: readonly Change[]): OrgqlError {
  const what = [...new Set(changes.map((change) => change.what))].map((kind) => describe(kind, changes)).join('; ');
  return new OrgqlError(error.code, error.message, {
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    hint: `${what}\n${changedLines(source, corrected)}`,
    ...(error.span === undefined ? {} : { span: error.span }),
    source,
    cause: error.cause,
  });
}

function describe(what: string, changes: readonly Change[]): string {
  const keywords = [
    ...new Set(changes.flatMap((change) => (change.what === what && change.keyword !== undefined ? [`"${change.keyword}"`] : []))),
  ];
  if (keywords.length === 0) return what;
  return keywords.length === 1
    ? `${keywords[0]} is a keyword: ${what}`
    : `${keywords.join(', ')} are keywords: ${what.replace('it needs', 'they need').replace('an alias', 'aliases').replace('a name', 'names')}`;
}

/** The lines of the corrected text that differ from the user's. No change adds or removes a line break. */
function changedLines(source: string, corrected: string): string {
  const before = source.split('\n');
  return corrected
    .split('\n')
    .filter((line, index) => line !== before[index])
    .map((line) => `    ${line.trim()}`)
    .join('\n');
}
