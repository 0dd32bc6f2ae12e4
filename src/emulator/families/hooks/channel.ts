import { invalid } from '../../refusal.ts';
import { objectAt, oneOf, readBody, requireAll } from '../../shape.ts';
import type { Json, JsonObject } from '../../types.ts';

/** Where a hook's calls go. The secret of its authentication is kept and never shown. */
export interface Channel {
  readonly version: string;
  readonly uri: string;
  readonly method: string;
  readonly headers: readonly JsonObject[];
  readonly authScheme: JsonObject | undefined;
}

/** The channel of a request's body; refuses one that cannot be called. */
export function readChannel(value: Json | undefined): Channel {
  const channel = readBody(objectAt(value), {
    type: oneOf('HTTP', 'OAUTH'),
    version: 'string',
    config: {
      uri: 'string',
      headers: [{ key: 'string', value: 'string' }],
      method: 'string',
      authScheme: { type: 'string', key: 'string', value: 'string' },
    },
  });
  requireAll(channel, ['type', 'version']);
  const config = objectAt(channel.config);
  const uri = typeof config.uri === 'string' ? config.uri : '';
  if (uri === '') throw invalid('channel.config.uri', ['channel.config.uri: The field cannot be left blank']);
  if (!/^https:\/\/[^\s/]+/i.test(uri)) throw invalid('channel.config.uri', ['channel.config.uri: The uri must be an absolute https URL']);
  return {
    version: String(channel.version),
    uri,
    method: typeof config.method === 'string' ? config.method : 'POST',
    headers: Array.isArray(config.headers) ? (config.headers as JsonObject[]) : [],
    authScheme: config.authScheme === undefined ? undefined : objectAt(config.authScheme),
  };
}

export function channelJson(channel: Channel): JsonObject {
  const { authScheme } = channel;
  return {
    type: 'HTTP',
    version: channel.version,
    config: {
      uri: channel.uri,
      headers: channel.headers,
      method: channel.method,
      ...(authScheme === undefined ? {} : { authScheme: { type: authScheme.type ?? 'HEADER', key: authScheme.key ?? null } }),
    },
  };
}

/** The status that a body asks for, if it does: a hook may be switched by its replacement too. */
export function statusIn(body: JsonObject): { readonly status?: 'ACTIVE' | 'INACTIVE' } {
  return body.status === 'ACTIVE' || body.status === 'INACTIVE' ? { status: body.status } : {};
}
