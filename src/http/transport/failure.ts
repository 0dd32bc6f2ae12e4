import { OrgqlError } from '../../util/errors.ts';
import type { Address } from '../request/address.ts';

/** Why an exchange came to nothing, and whether the API can have seen the request. */
export interface WireFailure {
  /** `not_sent`: surely no byte of the request reached the API. `lost`: it may have. */
  readonly kind: 'not_sent' | 'lost' | 'timeout' | 'too_large';
  /** The system's code, such as `ECONNRESET`, or one of `connect_timeout`, `idle_timeout`, `total_timeout`, `truncated`. */
  readonly code: string;
  readonly message: string;
}

/** The failure as the user sees it. `origin` is scheme, host and port; no path, since paths may carry what people search for. */
export function failureError(failure: WireFailure, url: Address, attempts: number): OrgqlError {
  const tries = attempts > 1 ? ` after ${attempts} attempts` : '';
  if (failure.kind === 'too_large')
    return new OrgqlError('limit_reached', `A page of ${url.origin} is larger than the limit`, {
      detail: failure.message,
      hint: 'Ask for smaller pages, or raise the limit maxPageBytes.',
    });
  if (failure.kind === 'timeout') {
    return new OrgqlError('timeout', `${url.host} did not answer in time${tries}`, {
      detail: failure.message,
      hint: TIMEOUT_HINTS[failure.code] ?? 'Raise timeout_ms of the org, or try again.',
    });
  }
  if (failure.kind === 'lost') {
    return new OrgqlError('unreachable', `The connection to ${url.host} broke${tries}`, {
      detail: failure.message,
      hint: 'Nothing was returned for this request. Run the statement again; if it stays so, look at proxies and firewalls between here and the API.',
    });
  }
  return new OrgqlError('unreachable', `Cannot reach ${url.origin}${tries}`, {
    detail: explain(failure, url),
    hint: HINTS[failure.code] ?? 'Check the network and the org_url of the org.',
  });
}

const TIMEOUT_HINTS: Readonly<Record<string, string>> = {
  connect_timeout: 'Check the network, a proxy (HTTPS_PROXY) and the org_url of the org.',
};

const CERTIFICATE_HINT = 'If a company proxy re-signs TLS, name its CA file in NODE_EXTRA_CA_CERTS.';
const HINTS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'Check the spelling of org_url (or the subdomain), and the name server of this machine.',
  EAI_AGAIN: 'The name server did not answer. Check the network connection.',
  ECONNREFUSED: 'Check host and port of org_url; for an emulated org, that `orgql emulate` is running.',
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE_HINT,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE_HINT,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE_HINT,
  UNABLE_TO_GET_ISSUER_CERT: CERTIFICATE_HINT,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE_HINT,
  CERT_HAS_EXPIRED: 'Check the clock of this machine, and the certificate of the host.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate belongs to another host. Check org_url.',
  EPROTO: 'The port does not speak TLS. Check scheme and port of org_url.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'The port does not speak TLS. Check scheme and port of org_url.',
  proxy_refused: 'Check HTTPS_PROXY and its user name and password, or name the host in NO_PROXY.',
};

function explain(failure: WireFailure, url: Address): string {
  switch (failure.code) {
    case 'ENOTFOUND':
      return `The host name ${url.hostname} is not known.`;
    case 'ECONNREFUSED':
      return `Nothing listens on ${url.host}.`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return `${url.host} answered with something that is no TLS.`;
    default:
      // The library's own text may go on with lines of its internals.
      return failure.message.split('\n')[0] ?? '';
  }
}
