import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalog } from '../load.ts';
import { openRegistry } from './registry.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const PROVIDER = 'name: toy\nproviderServices:\n  a: {name: a, service: {$ref: toy/v1.2.3/services/a.yaml}}\n';
const SERVICE = 'openapi: 3.0.0\npaths: {}\ncomponents: {x-stackQL-resources: {things: {methods: {}}}}\n';
const noFetch: typeof globalThis.fetch = async () => {
  throw new Error('nothing is to be fetched here');
};

/** A tar archive; a name above 100 bytes goes into a pax header. */
function tar(files: readonly (readonly [string, string])[]): Buffer {
  const entry = (name: string, content: Buffer, type: string): Buffer[] => {
    const header = Buffer.alloc(512);
    header.write(name.slice(0, 100), 0);
    header.write('0000644\0', 100);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write(type, 156);
    header.write('ustar\0', 257);
    header.write('        ', 148);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  };
  const blocks = files.flatMap(([name, text]) => {
    const body = entry(name, Buffer.from(text), '0');
    if (name.length <= 100) return body;
    const record = ` path=${name}\n`;
    const length = record.length + String(record.length + 3).length;
    return [...entry('pax', Buffer.from(`${length}${record}`), 'x'), ...body];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function server(packages: Readonly<Record<string, Buffer | string>>): { fetch: typeof globalThis.fetch; requests: string[] } {
  const requests: string[] = [];
  return {
    requests,
    fetch: async (input) => {
      const url = String(input);
      requests.push(url);
      const body = packages[url];
      return body === undefined ? new Response('', { status: 404 }) : new Response(typeof body === 'string' ? body : new Uint8Array(body));
    },
  };
}

const INDEX = 'providers:\n  toy: {versions: [v1.10.0, v1.2.3]}\n  other: {versions: [v25.07.00320]}\n  "../evil": {versions: [v1]}\n';

describe('a registry over http', () => {
  it('lists what it offers, versions oldest first, without names that would leave a folder', async () => {
    const { fetch } = server({ 'https://registry.test/providers/dist/providers.yaml': INDEX });
    expect(await openRegistry({ url: 'https://registry.test/providers/', root: folder, fetch }).list()).toEqual([
      { name: 'other', versions: ['v25.07.00320'] },
      { name: 'toy', versions: ['v1.2.3', 'v1.10.0'] },
    ]);
  });

  it('installs the newest version where none is named, as JSON that the catalog reads', async () => {
    const long = `v1.10.0/services/${'x'.repeat(100)}.yaml`;
    const { fetch, requests } = server({
      'https://registry.test/dist/providers.yaml': INDEX,
      'https://registry.test/dist/toy/v1.10.0.tgz': gzipSync(
        tar([
          ['v1.10.0/provider.yaml', PROVIDER],
          ['v1.10.0/provider.yaml.sig', 'x'],
          ['v1.10.0/services/a.yaml', SERVICE],
          [long, SERVICE],
        ]),
      ),
    });
    const installed = await openRegistry({ url: 'https://registry.test', root: folder, fetch }).pull('Toy');
    expect(installed).toEqual({ name: 'toy', version: 'v1.10.0', directory: join(folder, 'toy', 'v1.10.0') });
    expect(requests).toEqual(['https://registry.test/dist/providers.yaml', 'https://registry.test/dist/toy/v1.10.0.tgz']);
    expect(await readdir(join(folder, 'toy'))).toEqual(['v1.10.0']);
    expect((await readdir(join(folder, 'toy', 'v1.10.0', 'services'))).sort()).toEqual(['a.json', `${'x'.repeat(100)}.json`]);
    expect((await openCatalog({ roots: [folder] }).relation('toy', 'a', 'things')).id).toBe('toy.a.things');
  });

  it.each(['../../escaped.yaml', '/etc/escaped.yaml', 'v1.2.3/../../escaped.yaml', 'C:\\escaped.yaml'])(
    'refuses a package that names %s and leaves nothing behind',
    async (path) => {
      const { fetch } = server({
        'https://registry.test/dist/providers.yaml': INDEX,
        'https://registry.test/dist/toy/v1.2.3.tgz': gzipSync(
          tar([
            ['v1.2.3/provider.yaml', PROVIDER],
            [path, 'x: 1'],
          ]),
        ),
      });
      await expect(openRegistry({ url: 'https://registry.test', root: folder, fetch }).pull('toy', 'v1.2.3')).rejects.toMatchObject({
        code: 'invalid_provider',
      });
      expect(await readdir(join(folder, 'toy'))).toEqual([]);
    },
  );

  it('says what is wrong: unknown provider or version, damaged or oversized package, no answer, plain http', async () => {
    const good = gzipSync(tar([['v1.2.3/provider.yaml', PROVIDER]]));
    const base = { 'https://registry.test/dist/providers.yaml': INDEX };
    const pull = async (body: Buffer | string, maxUnpackedBytes?: number): Promise<unknown> => {
      const { fetch } = server({ ...base, 'https://registry.test/dist/toy/v1.2.3.tgz': body });
      return await openRegistry({
        url: 'https://registry.test',
        root: folder,
        fetch,
        ...(maxUnpackedBytes === undefined ? {} : { maxUnpackedBytes }),
      }).pull('toy', '1.2.3');
    };
    const registry = openRegistry({ url: 'https://registry.test', root: folder, fetch: server(base).fetch });
    await expect(registry.pull('toi')).rejects.toMatchObject({ code: 'unknown_provider', hint: 'Did you mean "toy"?' });
    await expect(registry.pull('toy', 'v9')).rejects.toMatchObject({ code: 'unknown_provider', hint: 'It offers v1.2.3, v1.10.0.' });
    await expect(pull('no archive')).rejects.toMatchObject({ code: 'invalid_provider' });
    await expect(pull(gzipSync(Buffer.from('x'.repeat(600))))).rejects.toMatchObject({ code: 'invalid_provider' });
    await expect(pull(good, 100)).rejects.toMatchObject({ code: 'limit_reached' });
    await expect(openRegistry({ url: 'https://registry.test', root: folder, fetch: noFetch }).list()).rejects.toMatchObject({
      code: 'unreachable',
    });
    expect(() => openRegistry({ url: 'http://registry.test', root: folder, fetch: noFetch })).toThrow(
      expect.objectContaining({ code: 'insecure_origin' }),
    );
    expect(() => openRegistry({ url: 'http://127.0.0.1:9', root: folder, fetch: noFetch })).not.toThrow();
  });
});

describe('a registry in a folder', () => {
  it('offers trees below src and packages below dist, and installs from both', async () => {
    const registryFolder = join(folder, 'registry');
    await mkdir(join(registryFolder, 'src', 'toy', 'v2.0.0', 'services'), { recursive: true });
    await writeFile(join(registryFolder, 'src', 'toy', 'v2.0.0', 'provider.yaml'), PROVIDER);
    await writeFile(join(registryFolder, 'src', 'toy', 'v2.0.0', 'services', 'a.yaml'), SERVICE);
    await mkdir(join(registryFolder, 'dist', 'toy'), { recursive: true });
    await writeFile(join(registryFolder, 'dist', 'providers.yaml'), 'providers: {toy: {versions: [v1.2.3]}}');
    await writeFile(join(registryFolder, 'dist', 'toy', 'v1.2.3.tgz'), gzipSync(tar([['v1.2.3/provider.yaml', PROVIDER]])));
    const registry = openRegistry({ url: pathToFileURL(registryFolder).href, root: join(folder, 'installed'), fetch: noFetch });
    expect(await registry.list()).toEqual([{ name: 'toy', versions: ['v1.2.3', 'v2.0.0'] }]);
    expect((await registry.pull('toy', 'v1.2.3')).version).toBe('v1.2.3');
    expect((await registry.pull('toy')).version).toBe('v2.0.0');
    expect(JSON.parse(await readFile(join(folder, 'installed', 'toy', 'v2.0.0', 'services', 'a.json'), 'utf8'))).toMatchObject({
      openapi: '3.0.0',
    });
  });

  it('says when the folder is not there', async () => {
    const registry = openRegistry({ url: pathToFileURL(join(folder, 'nowhere')).href, root: folder, fetch: noFetch });
    await expect(registry.list()).rejects.toMatchObject({ code: 'unreachable' });
  });
});
