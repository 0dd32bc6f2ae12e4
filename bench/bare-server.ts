/** `bare-server.ts <url> <token>`: reads all pages of users from there, then serves them as bytes under the same paths. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { nextLink } from './contenders/next-link.ts';

const [url = '', token = ''] = process.argv.slice(2);
const pages = new Map<string, { readonly bytes: Buffer; readonly next: string | undefined }>();
let path: string | undefined = '/api/v1/users?limit=200';
while (path !== undefined) {
  const { headers, body }: Awaited<ReturnType<typeof request>> = await request(`${url}${path}`, {
    headers: { authorization: `SSWS ${token}` },
  });
  const next: string | undefined = nextLink(headers.link)?.slice(url.length);
  pages.set(path, { bytes: Buffer.from(await body.arrayBuffer()), next });
  path = next;
}
const server = createServer((incoming, outgoing) => {
  const page = pages.get(incoming.url ?? '');
  if (page === undefined) {
    outgoing.writeHead(404).end();
    return;
  }
  const link = page.next === undefined ? {} : { link: `<${origin()}${page.next}>; rel="next"` };
  outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': page.bytes.byteLength, ...link }).end(page.bytes);
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: origin() })));

function origin(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
