import { defineCollection } from '../../collection.ts';
import { link } from '../../links.ts';
import { target } from '../../log-writer.ts';
import type { Org } from '../../org.ts';
import { BASE64_CURSOR, page } from '../../paging.ts';
import { invalid, notFound, Refusal } from '../../refusal.ts';
import { empty, json } from '../../reply.ts';
import { readBody, requireAll } from '../../shape.ts';
import { isoTime, wholeSecond } from '../../time.ts';
import type { Call, JsonObject, Reply } from '../../types.ts';
import { brandOf } from './store.ts';

/** What a mail says by itself; `{}` stands for the placeholder of its link. */
const TEMPLATES: Readonly<Record<string, string>> = {
  UserActivation: 'Activate your account',
  ForgotPassword: 'Reset your password',
  ForgotPasswordDenied: 'Your password cannot be reset here',
  LdapForgotPassword: 'Reset your directory password',
  LdapForgotPasswordDenied: 'Your directory password cannot be reset here',
  ADForgotPassword: 'Reset your Windows password',
  ADForgotPasswordDenied: 'Your Windows password cannot be reset here',
  PasswordResetByAdmin: 'An administrator has reset your password',
  PasswordChanged: 'Your password was changed',
  AccountLockout: 'Your account is locked',
  SelfServiceUnlock: 'Unlock your account',
  EmailChallenge: 'Sign in with this mail',
  EmailChangeConfirmation: 'Confirm your new address',
  NewSignOnNotification: 'New sign-on to your account',
  FactorEnrollment: 'A factor was enrolled',
  FactorReset: 'A factor was reset',
  RegistrationActivation: 'Activate your registration',
};
/** Names of older orgs, still understood. */
const ALIASES: Readonly<Record<string, string>> = { welcome: 'UserActivation', forgotPassword: 'ForgotPassword' };

interface Customization {
  readonly id: string;
  readonly brandId: string;
  readonly template: string;
  readonly language: string;
  readonly isDefault: boolean;
  readonly subject: string;
  readonly body: string;
  readonly created: number;
  readonly lastUpdated: number;
}

const CUSTOMIZATIONS = defineCollection<Customization>('emailCustomizations', (one) => `${one.brandId}/${one.template}`);
const BODY = { language: 'string', isDefault: 'boolean', subject: 'string', body: 'string' } as const;

export function listTemplates(call: Call): Reply {
  const brand = brandOf(call);
  return page(call, Object.keys(TEMPLATES), {
    limit: { fallback: 20, max: 200 },
    key: (name) => name,
    render: (name) => JSON.stringify(templateJson(call.org, brand.id, name)),
    cursor: BASE64_CURSOR,
  });
}

export function getTemplate(call: Call): Reply {
  const { brandId, name } = templateOf(call);
  return json(200, templateJson(call.org, brandId, name));
}

/** The brand and template of a path: the name as it was asked for. */
function templateOf(call: Call): { readonly brandId: string; readonly name: string } {
  const brand = brandOf(call);
  const name = call.params.templateName ?? '';
  if (TEMPLATES[ALIASES[name] ?? name] === undefined) throw notFound(name, 'EmailTemplate');
  return { brandId: brand.id, name };
}

function templatePath(brandId: string, name: string): string {
  return `/api/v1/brands/${brandId}/templates/email/${name}`;
}

function templateJson(org: Org, brandId: string, name: string): JsonObject {
  const path = templatePath(brandId, name);
  return {
    name,
    _links: {
      self: link(org, path, 'GET'),
      defaultContent: link(org, `${path}/default-content`, 'GET'),
      test: link(org, `${path}/test`, 'POST'),
      customizations: link(org, `${path}/customizations`, 'GET', 'POST', 'DELETE'),
    },
  };
}

function customizationsOf(call: Call): readonly Customization[] {
  const { brandId, name } = templateOf(call);
  return call.org.collection(CUSTOMIZATIONS).by(`${brandId}/${name}`);
}

export function listCustomizations(call: Call): Reply {
  return json(
    200,
    customizationsOf(call).map((one) => customizationJson(call.org, one)),
  );
}

function customizationOf(call: Call): Customization {
  const id = call.params.customizationId ?? '';
  const found = customizationsOf(call).find((one) => one.id === id);
  if (found === undefined) throw notFound(id, 'EmailTemplateCustomization');
  return found;
}

function read(call: Call): Pick<Customization, 'language' | 'subject' | 'body'> & { readonly isDefault: boolean | undefined } {
  const body = readBody(call.json(), BODY);
  requireAll(body, ['language', 'subject', 'body']);
  const language = String(body.language);
  if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language)) throw invalid('language', [`language: '${language}' is not a language tag`]);
  return {
    language,
    subject: String(body.subject),
    body: String(body.body),
    isDefault: typeof body.isDefault === 'boolean' ? body.isDefault : undefined,
  };
}

/** The first customization of a template is its default, whatever the request says; another default takes the place of the one before. */
export function createCustomization(call: Call): Reply {
  const { brandId, name } = templateOf(call);
  const values = read(call);
  const others = customizationsOf(call);
  checkLanguage(others, values.language, undefined);
  const created = wholeSecond(call.now);
  const isDefault = values.isDefault === true || others.length === 0;
  if (isDefault) dethrone(call, others);
  const one = call.org
    .collection(CUSTOMIZATIONS)
    .put({ id: call.org.ids.next('oel'), brandId, template: name, ...values, isDefault, created, lastUpdated: created });
  log(call, 'system.email_template.create', one);
  return json(201, customizationJson(call.org, one));
}

export function replaceCustomization(call: Call): Reply {
  const before = customizationOf(call);
  const values = read(call);
  const others = customizationsOf(call).filter((one) => one.id !== before.id);
  checkLanguage(others, values.language, before.id);
  if (before.isDefault && values.isDefault === false)
    throw new Refusal('E0000001', {
      status: 409,
      summary: 'Api validation failed: isDefault',
      causes: ['isDefault: The template must have a default customization'],
    });
  const isDefault = values.isDefault ?? before.isDefault;
  if (isDefault) dethrone(call, others);
  const one = call.org.collection(CUSTOMIZATIONS).put({ ...before, ...values, isDefault, lastUpdated: wholeSecond(call.now) });
  log(call, 'system.email_template.update', one);
  return json(200, customizationJson(call.org, one));
}

function checkLanguage(others: readonly Customization[], language: string, own: string | undefined): void {
  if (others.some((one) => one.language === language && one.id !== own)) {
    throw new Refusal('E0000001', {
      status: 409,
      summary: 'Api validation failed: language',
      causes: [`language: The template has a customization for ${language} already`],
    });
  }
}

function dethrone(call: Call, others: readonly Customization[]): void {
  for (const other of others) if (other.isDefault) call.org.collection(CUSTOMIZATIONS).put({ ...other, isDefault: false });
}

export function getCustomization(call: Call): Reply {
  return json(200, customizationJson(call.org, customizationOf(call)));
}

export function deleteCustomization(call: Call): Reply {
  const one = customizationOf(call);
  if (one.isDefault && customizationsOf(call).length > 1) {
    throw new Refusal('E0000001', {
      status: 409,
      summary: 'Api validation failed: isDefault',
      causes: ['The default customization cannot be deleted while there are others'],
    });
  }
  call.org.collection(CUSTOMIZATIONS).delete(one.id);
  log(call, 'system.email_template.delete', one);
  return empty(204);
}

export function deleteCustomizations(call: Call): Reply {
  for (const one of customizationsOf(call)) {
    call.org.collection(CUSTOMIZATIONS).delete(one.id);
    log(call, 'system.email_template.delete', one);
  }
  return empty(204);
}

export function previewCustomization(call: Call): Reply {
  const one = customizationOf(call);
  return json(200, contentJson(call, one.subject, one.body, `${customizationPath(one)}/preview`, true));
}

export function getDefaultContent(call: Call, isPreview: boolean): Reply {
  const { brandId, name } = templateOf(call);
  const subject = TEMPLATES[ALIASES[name] ?? name] ?? '';
  const body = `<!DOCTYPE html><html><body><p>Hello \${user.profile.firstName},</p><p>${subject} at \${org.name}.</p></body></html>`;
  return json(
    200,
    contentJson(call, subject, body, `${templatePath(brandId, name)}/default-content${isPreview ? '/preview' : ''}`, isPreview),
  );
}

/** Subject and body; in a preview with the caller's own data in place of the variables. */
function contentJson(call: Call, subject: string, body: string, path: string, isPreview: boolean): JsonObject {
  const { org } = call;
  const { brandId, name } = templateOf(call);
  const user = org.users.get(call.actor.id);
  const fill = (text: string): string =>
    !isPreview
      ? text
      : text.replace(/\$\{([\w.]+)\}/g, (_all, variable: string) => {
          if (variable === 'org.name') return org.subdomain;
          const attribute = /^user\.profile\.(\w+)$/.exec(variable)?.[1];
          const value = attribute === undefined ? undefined : user?.profile[attribute];
          return typeof value === 'string' ? value : `(${variable} Placeholder)`;
        });
  return {
    subject: fill(subject),
    body: fill(body),
    _links: {
      template: link(org, templatePath(brandId, name), 'GET'),
      self: link(org, path, 'GET'),
      ...(isPreview ? { test: link(org, `${templatePath(brandId, name)}/test`, 'POST') } : {}),
    },
  };
}

export function sendTest(call: Call): Reply {
  const { name } = templateOf(call);
  const { customizationId } = readBody(call.json({ optional: true }), { customizationId: 'string' });
  if (customizationId !== undefined && !customizationsOf(call).some((one) => one.id === customizationId)) {
    throw notFound(String(customizationId), 'EmailTemplateCustomization');
  }
  call.log('system.email.send', { targets: [target('EmailTemplate', name, name)] });
  return empty(204);
}

function customizationPath(one: Customization): string {
  return `${templatePath(one.brandId, one.template)}/customizations/${one.id}`;
}

function customizationJson(org: Org, one: Customization): JsonObject {
  const path = customizationPath(one);
  const template = templatePath(one.brandId, one.template);
  return {
    subject: one.subject,
    body: one.body,
    id: one.id,
    language: one.language,
    isDefault: one.isDefault,
    created: isoTime(one.created),
    lastUpdated: isoTime(one.lastUpdated),
    _links: {
      preview: link(org, `${path}/preview`, 'GET'),
      template: link(org, template, 'GET'),
      self: link(org, path, 'GET', 'PUT', 'DELETE'),
      test: link(org, `${template}/test`, 'POST'),
    },
  };
}

function log(call: Call, eventType: string, one: Customization): void {
  call.log(eventType, { targets: [target('EmailTemplateCustomization', one.id, one.template, one.language)] });
}
