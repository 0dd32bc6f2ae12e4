/**
 * The address as it may stand in a page: http and https addresses, addresses of the site (`/...`) and places on the page (`#...`).
 * Anything else (`javascript:`, `data:`, `//host`, relative paths in an API's description) is `undefined`.
 */
export function safeHref(href: string): string | undefined {
  // Browsers drop tabs and line breaks within an address, and blanks around it.
  const compact = [...href.trim()].filter((character) => (character.codePointAt(0) ?? 0) > 0x20).join('');
  if (/^#[^\s]*$/.test(compact)) return compact;
  if (/^\/(?![/\\])/.test(compact)) return compact;
  if (!/^https?:\/\//i.test(compact)) return undefined;
  try {
    const url = new URL(compact);
    return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' ? url.href : undefined;
  } catch {
    return undefined;
  }
}
