/**
 * The target of the first `rel="next"` link in a `Link` header (several header lines joined by `, `), or `undefined`.
 * @see RFC 8288 §3
 */
export function nextFromLinkHeader(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  // A target may hold commas and semicolons; it ends at `>`.
  const link = /<([^>]*)>((?:\s*;\s*[\w!#$%&'*+.^`|~-]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]+))?)*)/g;
  for (const [, target, parameters] of header.matchAll(link)) {
    const rel = /;\s*rel\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]+))/i.exec(parameters ?? '');
    const names = (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/);
    if (names.includes('next') && target !== undefined && target !== '') return target;
  }
  return undefined;
}
