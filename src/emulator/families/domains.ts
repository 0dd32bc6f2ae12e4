import { createHash } from 'node:crypto';
import { defineCollection } from '../collection.ts';
import { link } from '../links.ts';
import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { invalid, notFound } from '../refusal.ts';
import { empty, json } from '../reply.ts';
import { oneOf, readBody, requireAll, requiredText } from '../shape.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';
import { BRANDS, defaultBrandId } from './brands/store.ts';

const PATH = '/api/v1/domains';
const DOMAIN = `${PATH}/{domainId}`;
const DEFAULT_ID = 'default';
const CERTIFICATE_MS = 90 * 86_400_000;

interface Domain {
  readonly id: string;
  readonly domain: string;
  readonly source: 'MANUAL' | 'OKTA_MANAGED';
  readonly validationStatus: 'NOT_STARTED' | 'VERIFIED' | 'COMPLETED';
  readonly created: number;
  readonly certificate?: { readonly subject: string; readonly fingerprint: string; readonly expiration: number };
}

const DOMAINS = defineCollection<Domain>('domains');

/** Custom domains, and the org's own, which always stands first. */
export const domains: Family = {
  name: 'domains',
  routes: [
    { method: 'GET', path: PATH, handle: list },
    { method: 'POST', path: PATH, handle: create },
    { method: 'GET', path: DOMAIN, handle: get },
    { method: 'DELETE', path: DOMAIN, handle: remove },
    { method: 'PUT', path: `${DOMAIN}/certificate`, handle: setCertificate },
    { method: 'POST', path: `${DOMAIN}/verify`, handle: verify },
  ],
};

function list(call: Call): Reply {
  const { org } = call;
  return json(200, {
    domains: [
      ownDomain(org),
      ...org
        .collection(DOMAINS)
        .list()
        .map((domain) => render(org, domain)),
    ],
  });
}

function get(call: Call): Reply {
  return json(200, call.params.domainId === DEFAULT_ID ? ownDomain(call.org) : render(call.org, domainOf(call)));
}

function domainOf(call: Call): Domain {
  const id = call.params.domainId ?? '';
  if (id === DEFAULT_ID) throw invalid('id', ['This operation is not supported for this domain']);
  const found = call.org.collection(DOMAINS).get(id);
  if (found === undefined) throw notFound(id, 'Domain');
  return found;
}

function create(call: Call): Reply {
  const { org } = call;
  const given = call.json();
  const name = requiredText(given, 'domain').toLowerCase();
  const body = readBody(given, { certificateSourceType: oneOf('MANUAL', 'OKTA_MANAGED') });
  requireAll(body, ['certificateSourceType']);
  if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.){2,}[a-z]{2,}$/.test(name))
    throw invalid('domain', ['domain: The domain must be a fully qualified name below a registered one']);
  if (/\.okta(preview|-emea|-gov)?\.com$/.test(name)) throw invalid('domain', ['domain: Prohibited custom domain name.']);
  if (org.collection(DOMAINS).find((one) => one.domain === name) !== undefined)
    throw invalid('domain', ['domain: The domain is in use already']);
  const domain = org.collection(DOMAINS).put({
    id: org.ids.next('OcD'),
    domain: name,
    source: body.certificateSourceType === 'OKTA_MANAGED' ? 'OKTA_MANAGED' : 'MANUAL',
    validationStatus: 'NOT_STARTED',
    created: wholeSecond(call.now),
  });
  log(call, 'system.custom_url_domain.initiate', domain);
  return json(201, render(org, domain));
}

/** In the emulated world the records that a domain asks for are always there. */
function verify(call: Call): Reply {
  const before = domainOf(call);
  if (before.validationStatus !== 'NOT_STARTED') throw invalid('id', ['The domain is verified already']);
  const isManaged = before.source === 'OKTA_MANAGED';
  const domain = call.org.collection(DOMAINS).put({
    ...before,
    validationStatus: isManaged ? 'COMPLETED' : 'VERIFIED',
    ...(isManaged ? { certificate: certificateOf(before.domain, `okta ${before.id}`, call.now + CERTIFICATE_MS) } : {}),
  });
  log(call, 'system.custom_url_domain.verify', domain);
  return json(200, render(call.org, domain));
}

function setCertificate(call: Call): Reply {
  const before = domainOf(call);
  const body = readBody(call.json(), { type: oneOf('PEM'), certificate: 'string', certificateChain: 'string', privateKey: 'string' });
  requireAll(body, ['type', 'certificate', 'privateKey']);
  if (before.source !== 'MANUAL') throw invalid('certificateSourceType', ['Okta manages the certificate of this domain']);
  if (before.validationStatus === 'NOT_STARTED')
    throw invalid('validationStatus', ['The domain must be verified before its certificate is set']);
  const domain = call.org.collection(DOMAINS).put({
    ...before,
    validationStatus: 'COMPLETED',
    certificate: certificateOf(before.domain, String(body.certificate), call.now + CERTIFICATE_MS),
  });
  log(call, 'system.custom_url_domain.cert_upload', domain);
  return empty(204);
}

function certificateOf(domain: string, text: string, expiration: number): NonNullable<Domain['certificate']> {
  const digest = createHash('sha1').update(text).digest('hex').toUpperCase();
  return { subject: `CN=${domain}`, fingerprint: (digest.match(/../g) ?? []).join(':'), expiration: wholeSecond(expiration) };
}

function remove(call: Call): Reply {
  const domain = domainOf(call);
  call.org.collection(DOMAINS).delete(domain.id);
  log(call, 'system.custom_url_domain.delete', domain);
  return empty(204);
}

/** The org's own domain, with the brand it shows. */
function ownDomain(org: Org): JsonObject {
  const brandId = defaultBrandId(org);
  const brand = org.collection(BRANDS).get(brandId);
  return {
    id: DEFAULT_ID,
    domain: new URL(org.origin).host,
    certificateSourceType: 'OKTA_MANAGED',
    validationStatus: 'COMPLETED',
    brandId,
    _links: {
      self: link(org, `${PATH}/${DEFAULT_ID}`, 'GET'),
      ...(brand === undefined ? {} : { brand: link(org, `/api/v1/brands/${brandId}`, 'GET', 'PUT', 'DELETE') }),
    },
  };
}

function render(org: Org, domain: Domain): JsonObject {
  const path = `${PATH}/${domain.id}`;
  const proof = createHash('md5').update(`${org.id} ${domain.domain}`).digest('hex');
  const { certificate } = domain;
  return {
    id: domain.id,
    domain: domain.domain,
    ...(domain.source === 'OKTA_MANAGED' ? { certificateSourceType: domain.source } : {}),
    validationStatus: domain.validationStatus,
    dnsRecords: [
      { fqdn: `_oktaverification.${domain.domain}`, values: [proof], recordType: 'TXT' },
      { fqdn: domain.domain, values: [`${org.subdomain}.customdomains.okta.com`], recordType: 'CNAME' },
    ],
    ...(certificate === undefined
      ? {}
      : {
          publicCertificate: {
            subject: certificate.subject,
            fingerprint: certificate.fingerprint,
            expiration: isoTime(certificate.expiration),
          },
        }),
    _links: {
      self: link(org, path, 'GET', 'DELETE'),
      ...(domain.validationStatus === 'NOT_STARTED' ? { verify: link(org, `${path}/verify`, 'POST') } : {}),
      ...(domain.source === 'MANUAL' && domain.validationStatus !== 'NOT_STARTED'
        ? { certificate: link(org, `${path}/certificate`, 'PUT') }
        : {}),
    },
  };
}

function log(call: Call, eventType: string, domain: Domain): void {
  call.log(eventType, { targets: [target('CustomDomain', domain.id, domain.domain)] });
}
