import { OrgqlError } from '../../util/errors.ts';
import { parseDocument } from '../documents.ts';
import { type RegistrySource, readIndex, unpack } from './source.ts';

/** A registry over HTTP: `<url>/dist/providers.yaml` and `<url>/dist/<name>/<version>.tgz`. Documents say where credentials go, so http is for this machine only. */
export function httpSource(url: string, fetch: typeof globalThis.fetch, maxUnpackedBytes: number): RegistrySource {
  const base = parseBase(url);
  const get = async (path: string, signal?: AbortSignal): Promise<Response> => {
    const address = `${base}/dist/${path}`;
    let response: Response;
    try {
      response = await fetch(address, { redirect: 'follow', ...(signal === undefined ? {} : { signal }) });
    } catch (cause) {
      if (signal?.aborted === true) throw new OrgqlError('cancelled', 'The registry was not read to the end', { cause });
      throw new OrgqlError('unreachable', `The registry ${base} does not answer`, { cause });
    }
    if (!response.ok)
      throw new OrgqlError('api_error', `The registry answered ${response.status} for ${address}`, { api: { status: response.status } });
    return response;
  };
  return {
    index: async (signal) => readIndex(await parseDocument(await (await get('providers.yaml', signal)).text(), 'providers.yaml')),
    files: async (name, version, signal) => {
      const response = await get(`${encodeURIComponent(name)}/${encodeURIComponent(version)}.tgz`, signal);
      return unpack(new Uint8Array(await response.arrayBuffer()), maxUnpackedBytes);
    },
  };
}

function parseBase(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (cause) {
    throw new OrgqlError('invalid_config', `"${url}" is no registry address`, { hint: 'Use https://... or file:///...', cause });
  }
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(parsed.hostname);
  if (parsed.protocol !== 'https:' && !(parsed.protocol === 'http:' && isLoopback)) {
    throw new OrgqlError('insecure_origin', `The registry ${url} is not reached by https`);
  }
  return url.replace(/\/+$/, '');
}
