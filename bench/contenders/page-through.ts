import { Agent, get, type IncomingMessage } from 'node:http';
import { nextLink } from './next-link.ts';

/** Reads every page from the first on with one kept connection, as bytes; gives their number and size. */
export async function pageThrough(url: string, token: string): Promise<readonly [pages: number, bytes: number]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let pages = 0;
  let bytes = 0;
  let next: string | undefined = `${url}/api/v1/users?limit=200`;
  while (next !== undefined) {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(next as string, { agent, headers: { authorization: `SSWS ${token}` } }, resolve).on('error', reject);
    });
    for await (const piece of response) bytes += (piece as Buffer).byteLength;
    pages++;
    next = nextLink(response.headers.link);
  }
  agent.destroy();
  return [pages, bytes];
}
