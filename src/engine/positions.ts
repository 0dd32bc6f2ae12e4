/**
 * Offsets in other units than JavaScript's. The engine counts bytes of UTF-8 in the nodes of a parse tree and in binder errors, and
 * code points in the parser's own errors (both seen on 1.5.6).
 */

/** UTF-16 offset of the byte at `byteOffset` of the text's UTF-8 form; an offset beyond the text gives its length. */
export function utf16FromBytes(text: string, byteOffset: number): number {
  let bytes = 0;
  for (let index = 0; index < text.length; ) {
    if (bytes >= byteOffset) return index;
    const point = text.codePointAt(index) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    index += point < 0x10000 ? 1 : 2;
  }
  return text.length;
}

/** UTF-16 offset of the code point with the number `pointOffset`. */
export function utf16FromCodePoints(text: string, pointOffset: number): number {
  let index = 0;
  for (let points = 0; points < pointOffset && index < text.length; points++) index += (text.codePointAt(index) ?? 0) < 0x10000 ? 1 : 2;
  return index;
}

/** Length of the token that starts at `offset`: a word, a quoted name or string, an operator, or one character. At the end of the text 0. */
export function tokenLength(text: string, offset: number): number {
  if (offset >= text.length) return 0;
  const token = /[\p{L}\p{N}_$]+|"(?:[^"]|"")*"|'(?:[^']|'')*'|[-+*/<>=~!@#%^&|:]+/uy;
  token.lastIndex = offset;
  return token.exec(text)?.[0].length ?? 1;
}
