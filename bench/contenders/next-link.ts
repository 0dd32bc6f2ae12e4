/** The `next` link of a Link header, as a hand-written loop finds it. */
export function nextLink(header: string | readonly string[] | undefined): string | undefined {
  const text = typeof header === 'string' ? header : (header ?? []).join(', ');
  return /<([^>]+)>;\s*rel="next"/.exec(text)?.[1];
}

/** Counts in order of their keys. */
export function ordered(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
