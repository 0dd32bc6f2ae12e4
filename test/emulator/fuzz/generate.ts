import type { Random } from '../../../src/emulator/random.ts';
import { KnownPaths } from './paths.ts';
import type { Operation, Parameter, Schema, Specification } from './specification.ts';

export interface Generated {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
  readonly contentType: string;
}

/** What a message's code stands in for. */
const CODE = `\${code}`;
const STRANGE: readonly unknown[] = [
  null,
  '',
  ' ',
  0,
  -1,
  1e21,
  true,
  [],
  {},
  [null],
  'ünïcode ✓ \u0000',
  '"',
  "'; --",
  'x'.repeat(5000),
  '2026-02-30T00:00:00.000Z',
  { a: { b: [1] } },
];
const WORDS = [
  'Engineering',
  'acme',
  'test@example.com',
  'https://example.com/a',
  'user.login',
  'ACTIVE',
  'en',
  '#123abc',
  '10.0.0.0/8',
  'openid',
  'OKTA',
  'SUPER_ADMIN',
  'sms',
  'PT1H',
  CODE,
  'Passw0rd!x',
];
const FILTERS = [
  'status eq "ACTIVE"',
  'id pr',
  'type eq "OKTA_GROUP"',
  'profile.firstName sw "A"',
  'created gt "2020-01-01T00:00:00.000Z"',
  'eventType eq "user.session.start"',
  'a eq',
  '(((',
  'x co "y" and not (z eq 1)',
  'name eq "a" or name eq "b"',
];

/** Random requests over the specification: most of them valid by their schema, many with a strange value, all with ids of which some exist. */
export class Generator {
  readonly #random: Random;
  readonly #specification: Specification;
  /** Ids seen in responses, latest last. */
  readonly #ids: string[] = [];
  readonly #paths: KnownPaths;
  #count = 0;

  constructor(random: Random, specification: Specification) {
    this.#random = random;
    this.#specification = specification;
    this.#paths = new KnownPaths(random, specification.operations);
  }

  /** Remembers that a request found something. */
  found(url: string): void {
    this.#paths.add(url.replace(/\?.*/, ''));
  }

  /** Remembers what ids, names and keys a response shows. */
  harvest(value: unknown, depth = 0): void {
    if (depth > 4 || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value.slice(0, 5)) this.harvest(item, depth + 1);
      return;
    }
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && /^(id|kid|userId|client_id|name|notificationType|contactType)$/.test(name)) {
        this.#ids.push(inner);
        if (this.#ids.length > 4000) this.#ids.splice(0, 1000);
      } else if (name === 'href' && typeof inner === 'string') this.#paths.add(inner.replace(/^https:\/\/[^/]+|\?.*/g, ''));
      else this.harvest(inner, depth + 1);
    }
  }

  next(operation: Operation): Generated {
    const strangeness = this.#random.pick([0, 0, 0, 0.05, 0.3]);
    const { known, rest } = this.#random.next() < 0.75 ? this.#paths.begin(operation.path) : { known: '', rest: operation.path };
    const path = known + rest.replace(/\{([^}]+)\}/g, (_all, name: string) => encodeURIComponent(this.#pathValue(name, operation)));
    const query = operation.parameters
      .filter((parameter) => parameter.in === 'query' && (parameter.required === true || this.#random.next() < 0.3))
      .map((parameter) => `${parameter.name}=${encodeURIComponent(this.#queryValue(parameter, strangeness))}`);
    const body = operation.parameters.find((parameter) => parameter.in === 'body')?.schema;
    const separator = path.includes('?') ? '&' : '?';
    return {
      method: operation.method,
      url: query.length === 0 ? path : `${path}${separator}${query.join('&')}`,
      body: this.#bodyText(body, strangeness),
      contentType: this.#random.next() < 0.01 ? 'text/plain' : 'application/json',
    };
  }

  #bodyText(schema: Schema | undefined, strangeness: number): string | undefined {
    if (schema === undefined) return undefined;
    const chance = this.#random.next();
    if (chance < 0.02) return this.#random.pick(['', '{', '[]', 'null', '"x"', '{"a":1,}', '\u0000']);
    return JSON.stringify(this.#value(schema, strangeness, 0, ''));
  }

  /** An id that could stand there: for half of them one of the kind that the parameter names. */
  #pathValue(name: string, operation: Operation): string {
    if (this.#random.next() < 0.1) return this.#random.pick(['none', '%', 'me', 'default', 'a b', '00u00000000000000000', 'ünï', '{x}']);
    if (name === 'lifecycle') return this.#random.pick(['enable', 'disable', 'x']);
    if (name === 'notificationType') return this.#random.pick(['OKTA_UPDATE', 'APP_IMPORT', 'X']);
    if (name === 'contactType') return this.#random.pick(['BILLING', 'technical', 'X']);
    if (name === 'templateName') return 'UserActivation';
    const prefixes = PREFIXES[name] ?? (name === 'policyId' && operation.path.includes('authorizationServers') ? ['00p'] : undefined);
    const fitting = prefixes === undefined ? [] : this.#ids.filter((id) => prefixes.some((prefix) => id.startsWith(prefix)));
    return fitting.length > 0 ? this.#random.pick(fitting.slice(-40)) : this.#ids.length > 0 ? this.#random.pick(this.#ids) : 'none';
  }

  #queryValue(parameter: Parameter, strangeness: number): string {
    if (this.#random.next() < strangeness) return String(this.#random.pick(STRANGE)).slice(0, 200);
    if (parameter.enum !== undefined) return String(this.#random.pick(parameter.enum));
    if (/filter|search/i.test(parameter.name)) return this.#random.pick(FILTERS);
    if (parameter.name === 'limit') return this.#random.pick(['1', '5', '200', '1000']);
    if (parameter.name === 'after' || parameter.name === 'cursor')
      return this.#ids.length > 0 && this.#random.next() < 0.5 ? this.#random.pick(this.#ids) : 'bad cursor';
    if (parameter.name === 'expand') return this.#random.pick(['stats', 'user', 'rules', 'scope', 'targets/groups', 'x']);
    if (parameter.name === 'type') return this.#random.pick(['OKTA_SIGN_ON', 'PASSWORD', 'ACCESS_POLICY', 'SAML2', 'X']);
    if (/since|until/.test(parameter.name)) return this.#random.pick(['2026-02-01T00:00:00.000Z', '2026-02-20T00:00:00Z', 'yesterday']);
    if (/target.*id/i.test(parameter.name) && this.#ids.length > 0) return this.#random.pick(this.#ids);
    if (parameter.type === 'boolean') return this.#random.pick(['true', 'false']);
    if (parameter.type === 'integer') return String(this.#random.below(12));
    return this.#random.pick(WORDS);
  }

  #value(schema: Schema, strangeness: number, depth: number, name: string): unknown {
    if (this.#random.next() < strangeness) return this.#random.pick(STRANGE);
    const found = this.#specification.resolve(schema);
    if (found.enum !== undefined) return this.#random.pick(found.enum);
    if (found.type === 'array')
      return Array.from({ length: this.#random.below(3) }, () => this.#value(found.items ?? {}, strangeness, depth + 1, name));
    if (found.properties !== undefined || found.allOf !== undefined) return this.#object(found, strangeness, depth);
    if (found.type === 'boolean') return this.#random.next() < 0.5;
    if (found.type === 'integer') return this.#random.below(100);
    if (found.type === 'number') return this.#random.next() * 100;
    if (found.type === 'object') return name === 'profile' ? this.#profile() : {};
    return this.#text(name);
  }

  #object(schema: Schema, strangeness: number, depth: number): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (const part of schema.allOf ?? []) Object.assign(out, this.#object(this.#specification.resolve(part), strangeness, depth));
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (property.readOnly === true || name.startsWith('_') || depth > 5) continue;
      if (this.#random.next() < (depth === 0 ? 0.85 : 0.6))
        out[name] = name === 'profile' ? this.#profile() : this.#value(property, strangeness, depth + 1, name);
    }
    return out;
  }

  #profile(): Record<string, unknown> {
    const number = this.#count++;
    const login = `fuzz${number}@example.com`;
    return this.#random.next() < 0.6
      ? { firstName: 'Fuzz', lastName: `N${number}`, login, email: login }
      : this.#random.next() < 0.5
        ? { name: `Fuzz ${number}`, description: 'made by chance' }
        : {
            login,
            phoneNumber: '+15551234567',
            question: 'disliked_food',
            answer: 'mayonnaise',
            [this.#random.pick(WORDS)]: this.#random.pick(STRANGE),
          };
  }

  #text(name: string): string {
    if (/id$/i.test(name) && this.#ids.length > 0 && this.#random.next() < 0.7) return this.#random.pick(this.#ids);
    if (/ur[il]$|endpoint|origin/i.test(name)) return `https://site${this.#count++}.example.com`;
    if (name === 'name' || name === 'label' || name === 'title' || name === 'displayName') return `Name${this.#count++}`;
    if (name === 'domain') return `id${this.#count++}.acme.example.org`;
    if (name === 'template') return `Your code: ${CODE}`;
    return this.#random.pick(WORDS);
  }
}

/** How ids of a path parameter begin. */
const PREFIXES: Readonly<Record<string, readonly string[]>> = {
  userId: ['00u'],
  associatedUserId: ['00u'],
  primaryUserId: ['00u'],
  groupId: ['00g'],
  targetGroupId: ['00g'],
  appId: ['0oa'],
  applicationId: ['0oa'],
  appInstanceId: ['0oa'],
  targetAid: ['0oa'],
  idpId: ['0oa'],
  clientId: ['0oa'],
  authServerId: ['aus', 'default'],
  scopeId: ['scp'],
  claimId: ['ocl'],
  ruleId: ['0pr', 'rul'],
  policyId: ['00p', 'rst'],
  zoneId: ['nzo'],
  eventHookId: ['who'],
  inlineHookId: ['cal'],
  trustedOriginId: ['tos'],
  brandId: ['bnd'],
  themeId: ['the'],
  featureId: ['ftr'],
  mappingId: ['prm'],
  authenticatorId: ['aut'],
  typeId: ['oty'],
  schemaId: ['osc', 'default'],
  templateId: ['cst', 'default'],
  domainId: ['OcD', 'default'],
  customizationId: ['oel'],
  factorId: ['sms', 'ufs', 'ost', 'opf', 'emf', 'mbl', 'clf', 'fwf'],
  grantId: ['oag'],
  tokenId: ['oar', '00T'],
  sessionId: ['102'],
};
