/** An org's address as it will be used, or what is wrong with it. */
export type OrgUrlCheck =
  | { readonly kind: 'ok'; readonly origin: string; readonly notice?: string }
  | { readonly kind: 'bad'; readonly why: string; readonly fix: string };

const OKTA_DOMAIN = /\.(?:okta|oktapreview|okta-emea|okta-gov|trex-govcloud|trexcloud)\.com$|\.okta(?:-miltest\.com|\.mil)$/i;
const PLACEHOLDER = /[{}<>]|your-?(?:okta-?)?(?:domain|org|subdomain)|^(?:https?:\/\/)?(?:subdomain)\./i;

/** Checks an org's URL: https, or http to this machine; no path; a console address (`acme-admin.okta.com`) becomes the org's own, with a notice. */
export function checkOrgUrl(text: string): OrgUrlCheck {
  const value = text.trim();
  const example = 'write it as https://acme.okta.com';
  if (value === '') return { kind: 'bad', why: 'it is empty', fix: example };
  if (PLACEHOLDER.test(value))
    return {
      kind: 'bad',
      why: `"${value}" is a placeholder from documentation`,
      fix: "put your own org's address there, such as https://acme.okta.com",
    };
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value))
    return { kind: 'bad', why: 'it has no scheme', fix: `write https://${value.replace(/^\/+/, '')}` };
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return { kind: 'bad', why: `"${value}" is no URL`, fix: example };
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { kind: 'bad', why: `${url.protocol}// is not https://`, fix: example };
  if (url.username !== '' || url.password !== '')
    return {
      kind: 'bad',
      why: 'it holds a user name or password',
      fix: 'take them out; the credential belongs into token_env, token: file:PATH or command',
    };
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return {
      kind: 'bad',
      why: 'http would send the token in clear text; it is allowed to this machine only',
      fix: `write https://${url.host}`,
    };
  if (url.search !== '' || url.hash !== '' || (url.pathname !== '/' && url.pathname !== '')) {
    return { kind: 'bad', why: `it has a path (${url.pathname}${url.search}${url.hash})`, fix: `write ${url.protocol}//${url.host}` };
  }
  if (/\.com\.com$/i.test(url.hostname))
    return { kind: 'bad', why: 'it ends in .com.com', fix: `write https://${url.hostname.replace(/\.com$/i, '')}` };
  const admin = /^([^.]+)-admin(\..+)$/i.exec(url.hostname);
  if (admin !== null && OKTA_DOMAIN.test(url.hostname)) {
    const origin = `${url.protocol}//${admin[1]}${admin[2]}${url.port === '' ? '' : `:${url.port}`}`;
    return { kind: 'ok', origin, notice: `${url.host} is the address of the admin console; ${origin} is used` };
  }
  return { kind: 'ok', origin: url.origin };
}

/** True for names and addresses of this machine. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** `acme` of `https://acme.okta.com`; the host with its port of an address without labels. */
export function hostLabel(origin: string): string {
  const url = new URL(origin);
  return /^[\d.]+$|^\[/.test(url.hostname) ? url.host : (url.hostname.split('.')[0] ?? url.hostname);
}
