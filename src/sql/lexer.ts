import { OrgqlError } from '../util/errors.ts';

/**
 * What a token is. A `parameter` is `$name`, `$1` or `?`; `?` is one too where Postgres has an operator, which `normalise.ts` settles.
 * `symbol` holds punctuation and operators, read by the engine's longest-match rule.
 */
export type TokenKind = 'word' | 'quoted' | 'backtick' | 'string' | 'number' | 'symbol' | 'parameter';

/** One token; offsets count UTF-16 units of the text that was read. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** As written; an ASCII `word` is in upper case, so that keywords compare directly. */
  readonly text: string;
}

/**
 * Cuts a text into tokens; white space and comments (`--`, nested `/*`) fall away.
 * Throws `syntax_error` with the span of whatever is not closed.
 */
export function tokenise(source: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < source.length) {
    const start = position;
    const code = source.charCodeAt(start);
    if (isSpace(code)) {
      position++;
      continue;
    }
    if (code === DASH && source.charCodeAt(start + 1) === DASH) {
      position = lineEnd(source, start);
      continue;
    }
    if (code === SLASH && source.charCodeAt(start + 1) === STAR) {
      position = commentEnd(source, start);
      continue;
    }
    let kind: TokenKind = 'symbol';
    if (code === QUOTE) {
      kind = 'string';
      position = quoteEnd(source, start, start, QUOTE);
    } else if (code === DOUBLE_QUOTE || code === BACKTICK) {
      kind = code === BACKTICK ? 'backtick' : 'quoted';
      position = quoteEnd(source, start, start, code);
    } else if (isWordStart(code)) {
      position = wordEnd(source, start);
      if (source.charCodeAt(position) === QUOTE && position === start + 1 && STRING_PREFIXES.includes(source.charAt(start))) {
        kind = 'string';
        position = code === 69 || code === 101 ? escapedEnd(source, start) : quoteEnd(source, start, position, QUOTE);
      } else {
        tokens.push({ kind: 'word', start, end: position, text: upperCase(source.slice(start, position)) });
        continue;
      }
    } else if (isDigit(code) || (code === DOT && isDigit(source.charCodeAt(start + 1)))) {
      kind = 'number';
      position = numberEnd(source, start);
    } else if (code === DOLLAR) {
      const after = dollarEnd(source, start);
      kind = after.kind;
      position = after.end;
    } else if (code === QUESTION) {
      kind = 'parameter';
      position = digitsEnd(source, start + 1);
    } else position = symbolEnd(source, start, code);
    tokens.push({ kind, start, end: position, text: source.slice(start, position) });
  }
  return tokens;
}

/** The name that a `word`, `quoted` or `backtick` token stands for, with its quotes and doubled quotes undone. */
export function nameOf(token: Token, source: string): string {
  const raw = source.slice(token.start, token.end);
  if (token.kind === 'quoted') return raw.slice(1, -1).replaceAll('""', '"');
  return token.kind === 'backtick' ? raw.slice(1, -1).replaceAll('``', '`') : raw;
}

/** The text that a `string` token stands for: plain, `E'...'` and dollar-quoted. */
export function stringValue(token: Token): string {
  const raw = token.text;
  if (raw.startsWith('$')) {
    const width = raw.indexOf('$', 1) + 1;
    return raw.slice(width, -width);
  }
  if (raw.startsWith("'")) return raw.slice(1, -1).replaceAll("''", "'");
  const body = raw.slice(2, -1);
  if (!/^e/i.test(raw)) return body.replaceAll("''", "'");
  return body.replace(/''|\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S])/g, (_, code: string | undefined) => {
    if (code === undefined) return "'";
    if (/^[uUx]./.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8));
    return ESCAPES[code] ?? code;
  });
}

/** White space as the engine sees it, Unicode's spaces and a byte order mark included. */
export function isSpace(code: number): boolean {
  if (code <= 32) return code === 32 || (code >= 9 && code <= 13);
  return (
    code >= 160 &&
    (code === 0xa0 || code === 0xfeff || code === 0x3000 || (code >= 0x2000 && code <= 0x200b) || code === 0x202f || code === 0x205f)
  );
}

const [QUOTE, DOUBLE_QUOTE, BACKTICK, DASH, SLASH, STAR, DOLLAR, DOT, QUESTION, BACKSLASH] = [
  39, 34, 96, 45, 47, 42, 36, 46, 63, 92,
] as const;
const STRING_PREFIXES = 'eEbBxXnN';
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
const OPERATOR_CHARACTERS = '~!@^&|+-*/%<>=';
/** An operator of several characters may end in + or - only if it holds one of these: so `=-1` is two tokens. */
const SIGN_KEEPERS = /[~!@^&|%]/;

/** Keywords are ASCII: a letter such as the dotless i, whose capital is one of theirs, makes no keyword. */
function upperCase(word: string): string {
  return /[\u0080-\uffff]/.test(word) ? word : word.toUpperCase();
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;
}

function wordEnd(source: string, start: number): number {
  let end = start + 1;
  for (;;) {
    const code = source.charCodeAt(end);
    if (!(isWordStart(code) || isDigit(code) || code === DOLLAR) || isSpace(code)) return end;
    end++;
  }
}

function digitsEnd(source: string, start: number): number {
  let end = start;
  while (isDigit(source.charCodeAt(end)) || (source[end] === '_' && end > start && isDigit(source.charCodeAt(end + 1)))) end++;
  return end;
}

function numberEnd(source: string, start: number): number {
  let end = digitsEnd(source, start);
  if (source.charCodeAt(end) === DOT && source.charCodeAt(end + 1) !== DOT) end = digitsEnd(source, end + 1);
  if (source[end] === 'e' || source[end] === 'E') {
    const sign = source[end + 1] === '+' || source[end + 1] === '-' ? 2 : 1;
    if (isDigit(source.charCodeAt(end + sign))) end = digitsEnd(source, end + sign);
  }
  return end;
}

function lineEnd(source: string, start: number): number {
  let end = start;
  while (end < source.length && source[end] !== '\n' && source[end] !== '\r') end++;
  return end;
}

function commentEnd(source: string, start: number): number {
  let depth = 1;
  let end = start + 2;
  while (end < source.length) {
    if (source.charCodeAt(end) === STAR && source.charCodeAt(end + 1) === SLASH) {
      end += 2;
      if (--depth === 0) return end;
    } else if (source.charCodeAt(end) === SLASH && source.charCodeAt(end + 1) === STAR) {
      depth++;
      end += 2;
    } else end++;
  }
  throw unclosed(source, start, 'comment', '*/');
}

/** End of a text in quotes at `open`, where a doubled quote stands for one. */
function quoteEnd(source: string, start: number, open: number, quote: number): number {
  const mark = String.fromCharCode(quote);
  for (let end = source.indexOf(mark, open + 1); end >= 0; end = source.indexOf(mark, end + 2)) {
    if (source.charCodeAt(end + 1) !== quote) return end + 1;
  }
  throw unclosed(source, start, quote === QUOTE ? 'string' : 'quoted name', mark);
}

function escapedEnd(source: string, start: number): number {
  let end = start + 2;
  while (end < source.length) {
    const code = source.charCodeAt(end);
    if (code === BACKSLASH) end += 2;
    else if (code !== QUOTE) end++;
    else if (source.charCodeAt(end + 1) === QUOTE) end += 2;
    else return end + 1;
  }
  throw unclosed(source, start, 'string', "'");
}

/** `$1` and `$name` are parameters; `$$text$$` and `$tag$text$tag$` are strings. */
function dollarEnd(source: string, start: number): { readonly kind: TokenKind; readonly end: number } {
  let end = start + 1;
  if (isDigit(source.charCodeAt(end))) return { kind: 'parameter', end: digitsEnd(source, end) };
  while (isWordStart(source.charCodeAt(end)) || isDigit(source.charCodeAt(end))) end++;
  if (source.charCodeAt(end) !== DOLLAR) return end === start + 1 ? { kind: 'symbol', end } : { kind: 'parameter', end };
  const mark = source.slice(start, end + 1);
  const close = source.indexOf(mark, end + 1);
  if (close < 0) throw unclosed(source, start, 'string', mark);
  return { kind: 'string', end: close + mark.length };
}

function symbolEnd(source: string, start: number, code: number): number {
  if (code === 58) return start + (source.charCodeAt(start + 1) === 58 || source[start + 1] === '=' ? 2 : 1);
  if (!OPERATOR_CHARACTERS.includes(source.charAt(start))) return start + 1;
  let end = start + 1;
  while (end < source.length && OPERATOR_CHARACTERS.includes(source.charAt(end))) {
    const pair = source.slice(end, end + 2);
    if (pair === '--' || pair === '/*') break;
    end++;
  }
  while (end > start + 1 && '+-'.includes(source.charAt(end - 1)) && !SIGN_KEEPERS.test(source.slice(start, end))) end--;
  return end;
}

function unclosed(source: string, start: number, what: string, mark: string): OrgqlError {
  return new OrgqlError('syntax_error', `This ${what} is never closed`, {
    detail: `It opens here, and the text ends before its closing ${mark}`,
    hint: `add ${mark} where the ${what} ends`,
    span: { offset: start, length: Math.max(1, Math.min(lineEnd(source, start), source.length) - start) },
    source,
  });
}
