import { defineCollection } from '../../collection.ts';
import type { Org } from '../../org.ts';
import { notFound } from '../../refusal.ts';
import { systemId } from '../../system-ids.ts';
import type { Call, JsonObject } from '../../types.ts';

export interface Brand {
  readonly id: string;
  readonly name: string;
  readonly removePoweredByOkta: boolean;
  readonly customPrivacyPolicyUrl: string | null;
  readonly agreeToCustomPrivacyPolicy: boolean;
  readonly isDefault: boolean;
  readonly defaultAppId: string | null;
}

/** How a brand looks. A brand has one theme. */
export interface Theme {
  readonly id: string;
  readonly brandId: string;
  /** Addresses of uploaded images by kind. */
  readonly images: Readonly<Partial<Record<ImageKind, string>>>;
  readonly look: JsonObject;
}

export type ImageKind = 'logo' | 'favicon' | 'background-image';

export const BRANDS = defineCollection<Brand>('brands');
export const THEMES = defineCollection<Theme>('themes', (theme) => theme.brandId);

export function defaultBrandId(org: Org): string {
  return systemId(org, 'bnd', 'default');
}

/** The brand that every org has. */
export function layDefaultBrand(org: Org): void {
  const id = defaultBrandId(org);
  org.collection(BRANDS).put({
    id,
    name: org.subdomain,
    removePoweredByOkta: false,
    customPrivacyPolicyUrl: null,
    agreeToCustomPrivacyPolicy: false,
    isDefault: true,
    defaultAppId: null,
  });
  putTheme(org, systemId(org, 'the', 'default'), id);
}

export function putTheme(org: Org, id: string, brandId: string): void {
  org.collection(THEMES).put({
    id,
    brandId,
    images: {},
    look: {
      primaryColorHex: '#1662dd',
      primaryColorContrastHex: '#000000',
      secondaryColorHex: '#ebebed',
      secondaryColorContrastHex: '#000000',
      signInPageTouchPointVariant: 'OKTA_DEFAULT',
      endUserDashboardTouchPointVariant: 'OKTA_DEFAULT',
      errorPageTouchPointVariant: 'OKTA_DEFAULT',
      emailTemplateTouchPointVariant: 'OKTA_DEFAULT',
    },
  });
}

/** The brand that a path names. */
export function brandOf(call: Call): Brand {
  const id = call.params.brandId ?? '';
  const brand = call.org.collection(BRANDS).get(id);
  if (brand === undefined) throw notFound(id, 'Brand');
  return brand;
}
