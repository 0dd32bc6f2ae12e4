/** `encodeURIComponent` that takes every text: half a surrogate pair becomes U+FFFD, as in any UTF-8 encoder. */
export function percentEncode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
