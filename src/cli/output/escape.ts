/*
 * Text from an API is hostile: anyone can write into a system log by failing to sign in. Whatever could move a terminal's cursor, hide text or
 * turn its reading order is shown as its number instead (invariant I10).
 */

// C0 controls, DEL, C1 controls, soft hyphen-like and zero-width characters, line and paragraph separators, bidi marks, embeddings, overrides and
// isolates, the byte order mark, interlinear anchors, tag characters, and lone surrogates. The zero-width joiner and non-joiner stay: emoji and Persian need them.
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\u{d800}-\u{dfff}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** The text with every control, escape, bidi and invisible character shown as `\n`, `\t` or `\u001b`: safe on a terminal, on one line. */
export function escapeForDisplay(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

/** The same, but line breaks stay: for texts of our own that quote a person's SQL. */
export function escapeKeepingLines(text: string): string {
  return text.replace(UNSAFE, (character) => (character === '\n' || character === '\t' ? character : escapeCharacter(character)));
}

/** JSON text in which such characters stand as `\uXXXX` (a JSON reader sees the value unchanged), on one line. */
export function escapeJsonText(json: string): string {
  return json.replace(UNSAFE, (character) => {
    // Between JSON tokens these are white space, and inside strings they cannot stand raw.
    if (character === '\n' || character === '\r' || character === '\t') return ' ';
    let escaped = '';
    for (let index = 0; index < character.length; index++) escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
    return escaped;
  });
}

/** A cell that a spreadsheet would run as a formula, made harmless by a leading apostrophe (`--csv-safe`). */
export function neutraliseFormula(text: string): string {
  return /^[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/u.test(text) ? `'${text}` : text;
}
