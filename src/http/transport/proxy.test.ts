import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, client, readAll } from '../testing/calls.ts';
import { proxyFor } from './proxy.ts';

describe('the proxy for an origin', () => {
  const settings = {
    httpsProxy: 'proxy.example.com:3128',
    noProxy: 'internal.example.com, .corp.example.com,10.0.0.1,other.example.com:8443',
  };
  it.each([
    ['https://acme.okta.com/', 'http://proxy.example.com:3128/'],
    ['https://internal.example.com/', undefined],
    ['https://a.internal.example.com/', undefined],
    ['https://x.corp.example.com/', undefined],
    ['https://10.0.0.1/', undefined],
    ['https://other.example.com:8443/', undefined],
    ['https://other.example.com/', 'http://proxy.example.com:3128/'],
    ['http://127.0.0.1:8080/', undefined],
  ])('%s is %s', (url, expected) => {
    expect(proxyFor(new URL(url), settings)?.href).toBe(expected);
  });

  it('must be an address', () => {
    expect(() => proxyFor(new URL('https://acme.okta.com/'), { httpsProxy: 'socks5://u:secret@x' })).toThrow(
      expect.objectContaining({ code: 'invalid_config', message: 'HTTPS_PROXY is not the address of a proxy' }),
    );
  });

  it('is none where NO_PROXY is a star', () => {
    expect(proxyFor(new URL('https://acme.okta.com/'), { ...settings, noProxy: '*' })).toBeUndefined();
  });
});

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasOpenssl)('https', () => {
  const directory = mkdtempSync(join(tmpdir(), 'orgql-tls-'));
  const [keyFile, certFile] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  let api: ReturnType<typeof createHttpsServer>;
  let proxy: Server;
  const targets: string[] = [];
  const logins: unknown[] = [];
  const listen = (server: Server | ReturnType<typeof createHttpsServer>): Promise<number> =>
    new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

  beforeAll(async () => {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost',
        '-keyout',
        keyFile,
        '-out',
        certFile,
      ],
      { stdio: 'ignore' },
    );
    api = createHttpsServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('[{"id":"a"}]');
    });
    proxy = createHttpServer();
    proxy.on('connect', (request, socket, head) => {
      targets.push(request.url ?? '');
      logins.push(request.headers['proxy-authorization']);
      if (logins.at(-1) === undefined) {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
        return;
      }
      const port = Number(request.url?.split(':')[1]);
      const upstream = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.write(head);
        upstream.pipe(socket);
        socket.pipe(upstream);
      });
      socket.on('error', () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
    });
    await Promise.all([listen(api), listen(proxy)]);
  });
  afterAll(() => {
    api.closeAllConnections();
    api.close();
    proxy.close();
    rmSync(directory, { recursive: true });
  });
  const origin = () => `https://localhost:${(api.address() as AddressInfo).port}`;
  const proxyAddress = (login: string) => `http://${login}127.0.0.1:${(proxy.address() as AddressInfo).port}`;

  it('trusts the authorities of NODE_EXTRA_CA_CERTS beside the built-in ones, and no others', async () => {
    const http = client({ proxy: { extraCaFile: certFile } });
    expect(await readAll(http.pages(call(origin())))).toEqual([{ id: 'a' }]);
    await http.close();
    const strict = client();
    await expect(readAll(strict.pages(call(origin())))).rejects.toMatchObject({
      code: 'unreachable',
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
    await strict.close();
  });

  it('goes through the proxy by a tunnel', async () => {
    const http = client({ proxy: { extraCaFile: certFile, httpsProxy: proxyAddress('user:p%40ss@') } });
    expect(await readAll(http.pages(call(origin())))).toEqual([{ id: 'a' }]);
    expect(targets).toEqual([new URL(origin()).host]);
    expect(logins).toEqual([`Basic ${Buffer.from('user:p@ss').toString('base64')}`]);
    await http.close();
  });

  it('says that the proxy refused, and names no password', async () => {
    const http = client({ proxy: { extraCaFile: certFile, httpsProxy: proxyAddress('') } });
    await expect(readAll(http.pages(call(origin())))).rejects.toMatchObject({
      code: 'unreachable',
      detail: expect.stringContaining('status 407'),
      hint: expect.stringContaining('HTTPS_PROXY'),
    });
    await http.close();
  });

  it('says which CA file cannot be read', async () => {
    const http = client({ proxy: { extraCaFile: join(directory, 'none.pem') } });
    await expect(readAll(http.pages(call(origin())))).rejects.toMatchObject({ code: 'invalid_config' });
    await http.close();
  });
});
