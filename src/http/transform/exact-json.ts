/** A number of a JSON text that no double holds exactly, as it was spelled. */
export class ExactNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

const MARK = '\u0000number';
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Decodes JSON so that every number can be written again as it was. Throws what `JSON.parse` throws. */
export function parseExact(text: string): unknown {
  if (!/\d[\d.]{15}|\d[eE]/.test(text)) return JSON.parse(text);
  let isMarked = false;
  const marked = text.replace(TOKEN, (token) => {
    if (token.startsWith('"') || String(Number(token)) === token) return token;
    isMarked = true;
    return `{"${MARK.replace('\u0000', '\\u0000')}":"${token}"}`;
  });
  if (!isMarked) return JSON.parse(text);
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'object' && value !== null && MARK in value ? new ExactNumber(String(value[MARK])) : value,
  );
}

/** Encodes what `parseExact` gave; maps are objects, nothing is null. */
export function stringifyExact(value: unknown): string {
  if (value === undefined || value === null || typeof value === 'function') return 'null';
  if (value instanceof ExactNumber) return value.source;
  if (Array.isArray(value)) return `[${value.map(stringifyExact).join(',')}]`;
  if (typeof value === 'object') {
    const entries = value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value);
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${stringifyExact(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
