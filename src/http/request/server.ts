import type { Server } from '../../catalog/types.ts';
import { OrgqlError } from '../../util/errors.ts';
import { isLoopback } from '../transport/origin.ts';
import type { MethodCall } from '../types.ts';
import type { Address } from './address.ts';
import { missingParameter, type ParameterValues, singleValue } from './parameters.ts';

/** Where a call goes: origin, and the path that every path of the document stands under (no slash at its end). */
export interface Base {
  readonly origin: Address;
  readonly basePath: string;
}

/**
 * The first server whose variables all have a value: the statement's, else the org's, else the document's default. The org's own
 * origin replaces the server's, never its path. Throws `insecure_origin` where a secret would go unencrypted, or to a host that
 * the statement alone names (I5).
 */
export function resolveServer(call: MethodCall, values: ParameterValues): Base {
  const { org, method } = call;
  let missing: string | undefined;
  for (const server of method.http.servers) {
    const filled = fillServer(server, call, values);
    if (filled.kind === 'url') return checked(call, filled.url);
    missing ??= filled.variable;
  }
  if (missing !== undefined) throw missingParameter(method, missing);
  if (org.origin !== undefined) return checked(call, new URL(org.origin));
  throw new OrgqlError('invalid_provider', `The document of ${org.provider} names no server for ${method.name}`, {
    hint: 'Set origin (org_url) for the org.',
  });
}

type Filled = { readonly kind: 'url'; readonly url: URL } | { readonly kind: 'missing'; readonly variable: string };

function fillServer(server: Server, call: MethodCall, values: ParameterValues): Filled {
  const { org } = call;
  // The org's origin stands for the whole authority, whatever its variables would have said.
  const template = org.origin === undefined ? server.url : `${org.origin}${server.url.slice(authorityEnd(server.url))}`;
  const authority = template.slice(0, authorityEnd(template));
  let missing: string | undefined;
  const text = template.replace(/\{([^{}]+?)(?::[^{}]*)?\}/g, (whole, name: string, offset: number) => {
    const variable = server.variables.find((one) => one.name === name);
    const own = variable === undefined ? undefined : singleValue(values(variable));
    const configured = org.serverVariables[name];
    const value = own ?? configured ?? variable?.default;
    if (value === undefined || value === '') {
      missing ??= name;
      return '';
    }
    const isHost = offset < authority.length;
    if (!(isHost ? /^[A-Za-z0-9._:-]+$/ : /^[A-Za-z0-9._~:/@-]+$/).test(value)) throw badVariable(name, value);
    const isWholeHost = isHost && authority.replace(/^[^/]*:\/\//, '').replace(/:(\d+|\{[^{}]+\})?$/, '') === whole;
    const isKnown = own === undefined || own === configured || own === variable?.default || (variable?.shape.enum?.includes(own) ?? false);
    if (isWholeHost && !isKnown && org.credential.kind !== 'none') throw strangeHost(call, name);
    return value;
  });
  if (missing !== undefined) return { kind: 'missing', variable: missing };
  const absolute = text.includes('://') ? text : `https://${text.replace(/^\/\//, '')}`;
  if (!URL.canParse(absolute)) throw new OrgqlError('invalid_parameter_value', `The server address ${text} is not a URL`);
  return { kind: 'url', url: new URL(absolute) };
}

function checked(call: MethodCall, url: URL): Base {
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw new OrgqlError('insecure_origin', `${url.origin} is not encrypted`, {
      detail: 'Plain http is used to this machine (loopback) only.',
      hint: `Use https in the address of the org "${call.org.name}".`,
    });
  }
  if (url.username !== '' || url.password !== '')
    throw new OrgqlError('insecure_origin', `The address of the org "${call.org.name}" holds a user name`, {
      hint: 'Put credentials in the configuration, not in the address.',
    });
  return { origin: url, basePath: url.pathname.replace(/\/+$/, '') };
}

function strangeHost(call: MethodCall, name: string): OrgqlError {
  return new OrgqlError(
    'insecure_origin',
    `"${name}" names the whole host, so the statement alone would decide where the credential of "${call.org.name}" goes`,
    {
      hint: `Name the host in the configuration of the org, under server variables: ${name}.`,
    },
  );
}

function badVariable(name: string, value: string): OrgqlError {
  return new OrgqlError('invalid_parameter_value', `"${name}" cannot be ${JSON.stringify(value)}`, {
    detail: 'It is part of a host name.',
    hint: 'Letters, digits, dots and hyphens are allowed.',
  });
}

// Where the path of a server address begins.
function authorityEnd(url: string): number {
  return /^(?:[^/]*:)?(?:\/\/)?[^/]*/.exec(url)?.[0].length ?? 0;
}
