import { link } from '../links.ts';
import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { page } from '../paging.ts';
import { invalid, notFound } from '../refusal.ts';
import { empty, json } from '../reply.ts';
import { readBody, requiredText } from '../shape.ts';
import type { Call, Family, JsonObject, Reply, Route } from '../types.ts';
import { APPS } from './apps/store.ts';
import {
  createCustomization,
  deleteCustomization,
  deleteCustomizations,
  getCustomization,
  getDefaultContent,
  getTemplate,
  listCustomizations,
  listTemplates,
  previewCustomization,
  replaceCustomization,
  sendTest,
} from './brands/email-templates.ts';
import { BRANDS, type Brand, brandOf, type ImageKind, layDefaultBrand, putTheme, THEMES } from './brands/store.ts';
import { deleteImage, getTheme, listThemes, replaceTheme, uploadImage } from './brands/themes.ts';

const PATH = '/api/v1/brands';
const BRAND = `${PATH}/{brandId}`;
const THEME = `${BRAND}/themes/{themeId}`;
const EMAIL = `${BRAND}/templates/email`;
const EMAIL_TEMPLATE = `${EMAIL}/{templateName}`;
const CUSTOMIZATION = `${EMAIL_TEMPLATE}/customizations/{customizationId}`;

const BODY = {
  name: 'string',
  removePoweredByOkta: 'boolean',
  customPrivacyPolicyUrl: 'string',
  agreeToCustomPrivacyPolicy: 'boolean',
  defaultApp: { appInstanceId: 'string' },
} as const;

function imageRoutes(kind: ImageKind): Route[] {
  return [
    { method: 'POST', path: `${THEME}/${kind}`, handle: (call) => uploadImage(call, kind), consumes: 'any' },
    { method: 'DELETE', path: `${THEME}/${kind}`, handle: (call) => deleteImage(call, kind) },
  ];
}

/** Brands with their themes and mails. */
export const brands: Family = {
  name: 'brands',
  routes: [
    { method: 'GET', path: PATH, handle: list },
    { method: 'POST', path: PATH, handle: create },
    { method: 'GET', path: BRAND, handle: (call) => json(200, withDomains(call, render(call.org, brandOf(call)))) },
    { method: 'PUT', path: BRAND, handle: replace },
    { method: 'DELETE', path: BRAND, handle: remove },
    { method: 'GET', path: `${BRAND}/themes`, handle: listThemes },
    { method: 'GET', path: THEME, handle: getTheme },
    { method: 'PUT', path: THEME, handle: replaceTheme },
    ...imageRoutes('logo'),
    ...imageRoutes('favicon'),
    ...imageRoutes('background-image'),
    { method: 'GET', path: EMAIL, handle: listTemplates, scope: 'okta.templates.read' },
    { method: 'GET', path: EMAIL_TEMPLATE, handle: getTemplate, scope: 'okta.templates.read' },
    { method: 'GET', path: `${EMAIL_TEMPLATE}/customizations`, handle: listCustomizations, scope: 'okta.templates.read' },
    { method: 'POST', path: `${EMAIL_TEMPLATE}/customizations`, handle: createCustomization, scope: 'okta.templates.manage' },
    { method: 'DELETE', path: `${EMAIL_TEMPLATE}/customizations`, handle: deleteCustomizations, scope: 'okta.templates.manage' },
    { method: 'GET', path: CUSTOMIZATION, handle: getCustomization, scope: 'okta.templates.read' },
    { method: 'PUT', path: CUSTOMIZATION, handle: replaceCustomization, scope: 'okta.templates.manage' },
    { method: 'DELETE', path: CUSTOMIZATION, handle: deleteCustomization, scope: 'okta.templates.manage' },
    { method: 'GET', path: `${CUSTOMIZATION}/preview`, handle: previewCustomization, scope: 'okta.templates.read' },
    {
      method: 'GET',
      path: `${EMAIL_TEMPLATE}/default-content`,
      handle: (call) => getDefaultContent(call, false),
      scope: 'okta.templates.read',
    },
    {
      method: 'GET',
      path: `${EMAIL_TEMPLATE}/default-content/preview`,
      handle: (call) => getDefaultContent(call, true),
      scope: 'okta.templates.read',
    },
    { method: 'POST', path: `${EMAIL_TEMPLATE}/test`, handle: sendTest, scope: 'okta.templates.read' },
  ],
  initialise: layDefaultBrand,
};

function list(call: Call): Reply {
  const q = (call.query.get('q') ?? '').toLowerCase();
  const found = call.org.collection(BRANDS).filter((brand) => brand.name.toLowerCase().startsWith(q));
  return page(call, found, {
    limit: { fallback: 20, max: 200 },
    key: (brand) => brand.id,
    render: (brand) => JSON.stringify(render(call.org, brand)),
  });
}

function create(call: Call): Reply {
  const { org } = call;
  const name = requiredText(call.json(), 'name');
  checkName(call, name, undefined);
  const brand = org.collection(BRANDS).put({
    id: org.ids.next('bnd'),
    name,
    removePoweredByOkta: false,
    customPrivacyPolicyUrl: null,
    agreeToCustomPrivacyPolicy: false,
    isDefault: false,
    defaultAppId: null,
  });
  putTheme(org, org.ids.next('the'), brand.id);
  log(call, 'system.brand.create', brand);
  return json(201, render(org, brand));
}

function replace(call: Call): Reply {
  const { org } = call;
  const before = brandOf(call);
  const body = readBody(call.json(), BODY);
  const url = typeof body.customPrivacyPolicyUrl === 'string' && body.customPrivacyPolicyUrl !== '' ? body.customPrivacyPolicyUrl : null;
  const agrees = body.agreeToCustomPrivacyPolicy === true;
  if (url !== null && !/^https?:\/\/\S+$/i.test(url))
    throw invalid('customPrivacyPolicyUrl', ['customPrivacyPolicyUrl: The value must be an absolute URL']);
  if (url !== null && url !== before.customPrivacyPolicyUrl && !agrees) {
    throw invalid('agreeToCustomPrivacyPolicy', ['agreeToCustomPrivacyPolicy: Consent is needed to change the privacy policy']);
  }
  const name = typeof body.name === 'string' && body.name !== '' ? body.name : before.name;
  checkName(call, name, before.id);
  const appId = (body.defaultApp as JsonObject | undefined)?.appInstanceId;
  if (typeof appId === 'string' && !org.collection(APPS).has(appId)) throw notFound(appId, 'AppInstance');
  const brand = org.collection(BRANDS).put({
    ...before,
    name,
    removePoweredByOkta: body.removePoweredByOkta === true,
    customPrivacyPolicyUrl: url,
    agreeToCustomPrivacyPolicy: agrees,
    defaultAppId: typeof appId === 'string' ? appId : null,
  });
  log(call, 'system.brand.update', brand);
  return json(200, render(org, brand));
}

function remove(call: Call): Reply {
  const brand = brandOf(call);
  if (brand.isDefault) throw invalid('brand', ['The default brand cannot be deleted']);
  for (const theme of call.org.collection(THEMES).by(brand.id)) call.org.collection(THEMES).delete(theme.id);
  call.org.collection(BRANDS).delete(brand.id);
  log(call, 'system.brand.delete', brand);
  return empty(204);
}

function checkName(call: Call, name: string, own: string | undefined): void {
  if (call.org.collection(BRANDS).find((brand) => brand.name === name && brand.id !== own) !== undefined) {
    throw invalid('name', ['name: An object with this field already exists in the current organization']);
  }
}

function render(org: Org, brand: Brand): JsonObject {
  const path = `${PATH}/${brand.id}`;
  return org.shaping.shape('brand', {
    id: brand.id,
    name: brand.name,
    removePoweredByOkta: brand.removePoweredByOkta,
    customPrivacyPolicyUrl: brand.customPrivacyPolicyUrl,
    agreeToCustomPrivacyPolicy: brand.agreeToCustomPrivacyPolicy,
    isDefault: brand.isDefault,
    defaultApp: { appInstanceId: brand.defaultAppId, appLinkName: null, classicApplicationUri: null },
    _links: { themes: link(org, `${path}/themes`, 'GET'), self: link(org, path, 'GET', 'PUT', 'DELETE') },
  });
}

/** `expand=domains`: the domains that show the brand; no custom domain shows one here. */
function withDomains(call: Call, brand: JsonObject): JsonObject {
  return (call.query.get('expand') ?? '').split(',').includes('domains') ? { ...brand, _embedded: { domains: [] } } : brand;
}

function log(call: Call, eventType: string, brand: Brand): void {
  call.log(eventType, { targets: [target('Brand', brand.id, brand.name)] });
}
