import { link } from '../../links.ts';
import { target } from '../../log-writer.ts';
import type { Org } from '../../org.ts';
import { invalid, notFound } from '../../refusal.ts';
import { empty, json } from '../../reply.ts';
import { oneOf, readBody, requireAll } from '../../shape.ts';
import type { Call, JsonObject, Reply } from '../../types.ts';
import { brandOf, type ImageKind, THEMES, type Theme } from './store.ts';

const COLOR = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i;
const COLORS = ['primaryColorHex', 'primaryColorContrastHex', 'secondaryColorHex', 'secondaryColorContrastHex'] as const;
const VARIANTS = [
  'signInPageTouchPointVariant',
  'endUserDashboardTouchPointVariant',
  'errorPageTouchPointVariant',
  'emailTemplateTouchPointVariant',
] as const;
const BODY = {
  primaryColorHex: 'string',
  primaryColorContrastHex: 'string',
  secondaryColorHex: 'string',
  secondaryColorContrastHex: 'string',
  signInPageTouchPointVariant: oneOf('OKTA_DEFAULT', 'BACKGROUND_SECONDARY_COLOR', 'BACKGROUND_IMAGE'),
  endUserDashboardTouchPointVariant: oneOf('OKTA_DEFAULT', 'WHITE_LOGO_BACKGROUND', 'FULL_THEME', 'LOGO_ON_FULL_WHITE_BACKGROUND'),
  errorPageTouchPointVariant: oneOf('OKTA_DEFAULT', 'BACKGROUND_SECONDARY_COLOR', 'BACKGROUND_IMAGE'),
  emailTemplateTouchPointVariant: oneOf('OKTA_DEFAULT', 'FULL_THEME'),
} as const;

export function listThemes(call: Call): Reply {
  const brand = brandOf(call);
  return json(
    200,
    call.org
      .collection(THEMES)
      .by(brand.id)
      .map((theme) => render(call.org, theme)),
  );
}

export function getTheme(call: Call): Reply {
  return json(200, render(call.org, themeOf(call)));
}

function themeOf(call: Call): Theme {
  const brand = brandOf(call);
  const id = call.params.themeId ?? '';
  const theme = call.org.collection(THEMES).get(id);
  if (theme === undefined || theme.brandId !== brand.id) throw notFound(id, 'Theme');
  return theme;
}

export function replaceTheme(call: Call): Reply {
  const before = themeOf(call);
  const body = readBody(call.json(), BODY);
  requireAll(body, ['primaryColorHex', 'secondaryColorHex', ...VARIANTS]);
  for (const name of COLORS) {
    if (body[name] !== undefined && !COLOR.test(String(body[name])))
      throw invalid(name, [`${name}: '${String(body[name])}' is not a valid hexadecimal color`]);
  }
  const theme = call.org.collection(THEMES).put({ ...before, look: { ...before.look, ...body } });
  log(call, 'system.brand.theme.update', theme);
  return json(200, render(call.org, theme));
}

/** POST of an image: favicon and background answer 201 as the logo does. */
export function uploadImage(call: Call, kind: ImageKind): Reply {
  const before = themeOf(call);
  if (call.text().length === 0) throw invalid('file', ['file: The field cannot be left blank']);
  const url = `${call.org.origin}/fs/bco/${kind === 'logo' ? 1 : kind === 'favicon' ? 5 : 7}/${call.org.ids.next('fs0')}`;
  const theme = call.org.collection(THEMES).put({ ...before, images: { ...before.images, [kind]: url } });
  log(call, 'system.brand.theme.update', theme);
  return json(201, { url });
}

export function deleteImage(call: Call, kind: ImageKind): Reply {
  const before = themeOf(call);
  const { [kind]: _gone, ...images } = before.images;
  log(call, 'system.brand.theme.update', call.org.collection(THEMES).put({ ...before, images }));
  return empty(204);
}

function render(org: Org, theme: Theme): JsonObject {
  const path = `/api/v1/brands/${theme.brandId}/themes/${theme.id}`;
  return {
    id: theme.id,
    logo: theme.images.logo ?? `${org.origin}/assets/img/logos/okta-logo.png`,
    favicon: theme.images.favicon ?? `${org.origin}/favicon.ico`,
    backgroundImage: theme.images['background-image'] ?? null,
    ...theme.look,
    _links: {
      favicon: link(org, `${path}/favicon`, 'POST', 'DELETE'),
      self: link(org, path, 'GET', 'PUT'),
      logo: link(org, `${path}/logo`, 'POST', 'DELETE'),
      'background-image': link(org, `${path}/background-image`, 'POST', 'DELETE'),
    },
  };
}

function log(call: Call, eventType: string, theme: Theme): void {
  call.log(eventType, { targets: [target('Theme', theme.id, theme.id)] });
}
