/** The parts of a URL that the HTTP layer reads; a URL is one. */
export type Address = Readonly<Pick<URL, 'href' | 'origin' | 'protocol' | 'host' | 'hostname' | 'port' | 'pathname' | 'search'>>;

/** Characters that a URL's parser leaves alone; an apostrophe in a query it does not. */
const PLAIN_PATH = /^(?:\/[\w\-~!$&'()*+,;=:@%.]*)+$/;
const PLAIN_QUERY = /^(?:\?[\w\-~!$&()*+,;=:@%./?[\]]+)?$/;
/** Segments that it would resolve, plain or encoded. */
const DOTS = /\/(?:\.|%2e)/i;

/**
 * The address of a path and query (with its `?`) at an origin. What a URL would not respell is put together without parsing it, which
 * is most of the time that a look-up's request takes to make.
 */
export function addressAt(origin: Address, path: string, query: string): Address {
  if (!PLAIN_PATH.test(path) || DOTS.test(path) || !PLAIN_QUERY.test(query)) return new URL(`${origin.origin}${path}${query}`);
  return {
    href: `${origin.origin}${path}${query}`,
    origin: origin.origin,
    protocol: origin.protocol,
    host: origin.host,
    hostname: origin.hostname,
    port: origin.port,
    pathname: path,
    search: query,
  };
}
