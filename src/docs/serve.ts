import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, sep } from 'node:path';

export interface ServedSite {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mdx': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Shows the files of a folder over HTTP, as a static host would. The caller closes it. Rejects with the system's error where it cannot listen. */
export async function serveSite(folder: string, options: { readonly port: number; readonly host: string }): Promise<ServedSite> {
  const root = await realpath(folder);
  const server = createServer((request, response) => {
    const refuse = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${text}\n`);
    };
    const answer = async (): Promise<void> => {
      if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET and HEAD', { allow: 'GET, HEAD' });
      const [path = '/', query] = (request.url ?? '/').split('?', 2);
      const file = await fileOf(root, path);
      if (file === undefined) return refuse(404, 'There is no such page');
      if (file.kind === 'folder') {
        // One address per page, since links on it are relative.
        const place = path.slice(path.lastIndexOf('/') + 1);
        return refuse(308, 'The page is a folder', { location: `${place}/${query === undefined ? '' : `?${query}`}` });
      }
      response.writeHead(200, {
        'content-type': TYPES[extname(file.path)] ?? 'application/octet-stream',
        'content-length': file.size,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-cache',
      });
      if (request.method === 'HEAD') {
        response.end();
        return;
      }
      createReadStream(file.path)
        .on('error', () => response.destroy())
        .pipe(response);
    };
    answer().catch(() => refuse(400, 'The address cannot be read'));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Found = { readonly kind: 'file'; readonly path: string; readonly size: number } | { readonly kind: 'folder' };

async function fileOf(root: string, address: string): Promise<Found | undefined> {
  const decoded = decodeURIComponent(address);
  if (decoded.includes('\0')) return undefined;
  const wanted = join(root, decoded.endsWith('/') ? `${decoded}index.html` : decoded);
  // A link out of the folder, or dots in the address, lead nowhere.
  const path = await realpath(wanted).catch(() => undefined);
  if (path === undefined || (path !== root && !path.startsWith(`${root}${sep}`))) return undefined;
  const entry = await stat(path);
  if (entry.isDirectory()) return { kind: 'folder' };
  return entry.isFile() ? { kind: 'file', path, size: entry.size } : undefined;
}
