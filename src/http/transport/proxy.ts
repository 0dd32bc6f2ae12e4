import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { OrgqlError } from '../../util/errors.ts';
import type { Address } from '../request/address.ts';

/** The proxy for an origin, or `undefined` for a direct connection: loopback never goes through a proxy. Throws `invalid_config`. */
export function proxyFor(
  url: Address,
  settings: { readonly httpsProxy?: string | undefined; readonly noProxy?: string | undefined },
): URL | undefined {
  if (url.protocol !== 'https:' || settings.httpsProxy === undefined || settings.httpsProxy === '') return undefined;
  if (isExempt(url, settings.noProxy ?? '')) return undefined;
  const address = settings.httpsProxy.includes('://') ? settings.httpsProxy : `http://${settings.httpsProxy}`;
  // The address itself is not shown: a password may stand in it.
  if (!URL.canParse(address) || !/^https?:/.test(address))
    throw new OrgqlError('invalid_config', 'HTTPS_PROXY is not the address of a proxy', {
      hint: 'It looks like http://proxy.example.com:3128.',
    });
  return new URL(address);
}

// `NO_PROXY`: comma- or space-separated hosts; a leading dot or `*.` and a bare domain cover subdomains, `host:port` one port, `*` all.
function isExempt(url: Address, noProxy: string): boolean {
  const host = url.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  const port = url.port === '' ? '443' : url.port;
  return noProxy.split(/[\s,]+/).some((raw) => {
    const entry = raw.toLowerCase();
    if (entry === '') return false;
    if (entry === '*') return true;
    const [, name = entry, entryPort] = isIP(entry) === 6 ? [entry, entry, undefined] : (/^(.*?)(?::(\d+))?$/.exec(entry) ?? []);
    if (entryPort !== undefined && entryPort !== port) return false;
    const domain = name.replace(/^\*?\./, '');
    return host === domain || host.endsWith(`.${domain}`);
  });
}

/** An error whose message holds nothing of the proxy's address but its host. */
function proxyError(message: string): Error {
  return Object.assign(new Error(message), { code: 'proxy_refused' });
}

/** A TCP connection through `proxy` to `host:port` (HTTP CONNECT); the caller speaks TLS over it. */
export function openTunnel(
  proxy: URL,
  host: string,
  port: number,
  done: (error: Error | undefined, socket: Socket | undefined) => void,
): Socket {
  const proxyHost = proxy.hostname.replace(/^\[|\]$/g, '');
  const isTls = proxy.protocol === 'https:';
  const proxyPort = proxy.port === '' ? (isTls ? 443 : 80) : Number(proxy.port);
  const socket = isTls
    ? connectTls({ host: proxyHost, port: proxyPort, servername: isIP(proxyHost) === 0 ? proxyHost : '' })
    : connectTcp({ host: proxyHost, port: proxyPort });
  let isSettled = false;
  let received = Buffer.alloc(0);
  const fail = (error: Error): void => {
    if (isSettled) return;
    isSettled = true;
    socket.destroy();
    done(error, undefined);
  };
  socket.on('error', (error: Error) => fail(proxyError(`The proxy ${proxy.host} cannot be reached: ${error.message}`)));
  socket.on('close', () => fail(proxyError(`The proxy ${proxy.host} closed the connection.`)));
  socket.once(isTls ? 'secureConnect' : 'connect', () => {
    const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const credentials =
      proxy.username === ''
        ? ''
        : `Proxy-Authorization: Basic ${Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`).toString('base64')}\r\n`;
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${credentials}\r\n`);
  });
  const onData = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) {
      if (received.length > 65_536) fail(proxyError(`The proxy ${proxy.host} sent no proper answer.`));
      return;
    }
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(received.toString('latin1', 0, end))?.[1] ?? 0);
    if (status !== 200) {
      fail(proxyError(`The proxy ${proxy.host} refused the connection to ${target(host, port)} with status ${status}.`));
      return;
    }
    isSettled = true;
    socket.removeListener('data', onData);
    socket.removeAllListeners('close');
    socket.removeAllListeners('error');
    socket.pause();
    const rest = received.subarray(end + 4);
    if (rest.length > 0) socket.unshift(rest);
    done(undefined, socket);
  };
  socket.on('data', onData);
  return socket;
}

function target(host: string, port: number): string {
  return `${host}:${port}`;
}
