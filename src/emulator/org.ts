import type { Clock } from './clock.ts';
import { Collection, type CollectionKey } from './collection.ts';
import type { KeyPair } from './families/apps/certificates.ts';
import { createHooks, type Hooks } from './hooks.ts';
import { createIds, type Ids } from './ids.ts';
import { LogStore } from './log-store.ts';
import { createLogWriter, type LogWriter } from './log-writer.ts';
import type { AccessToken, ApiToken, Factor, Group, GroupRule, RoleAssignment, Session } from './model.ts';
import type { Random } from './random.ts';
import { Relation } from './relation.ts';
import type { Shaping } from './release.ts';
import { UserStore } from './user-store.ts';

/** Everything one emulated org holds. */
export interface Org {
  readonly id: string;
  readonly subdomain: string;
  /** Origin of links, without a slash at the end. */
  readonly origin: string;
  /** The admin twin of `origin` (`https://acme-admin.okta.com`); the same where the host has no such twin. */
  readonly adminOrigin: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly indexDelayMs: number;
  /** Whether a list's last page links to one more, which is empty. */
  readonly hasEmptyLastPages: boolean;
  /** As of which release, and by which capabilities, objects are shown. */
  readonly shaping: Shaping;
  /** A fresh key pair for signing. */
  readonly makeKeyPair: () => KeyPair;
  readonly users: UserStore;
  readonly groups: Collection<Group>;
  readonly groupRules: Collection<GroupRule>;
  /** Group id, user id. Everyone's members are implied: see membership.ts. */
  readonly members: Relation;
  /** Rule id + '/' + group id, user id: which memberships a rule gave. */
  readonly ruleMembers: Relation;
  readonly factors: Collection<Factor>;
  readonly roleAssignments: Collection<RoleAssignment>;
  readonly sessions: Collection<Session>;
  readonly apiTokens: Collection<ApiToken>;
  readonly accessTokens: Collection<AccessToken>;
  readonly logs: LogStore;
  readonly log: LogWriter;
  readonly hooks: Hooks;
  // `relation('appGroups')` and `relation('appUsers')`: app id, group or user id. `relation` names are shared by all families.
  /** Id of the group Everyone. */
  readonly everyoneId: string;
  /** Id of the default user type and of its schema. */
  readonly userTypeId: string;
  readonly userSchemaId: string;
  /** A collection of a family's own. */
  collection<T extends { readonly id: string }>(key: CollectionKey<T>): Collection<T>;
  /** A relation of a family's own. */
  relation(name: string): Relation;
  /** A single record of a family's own (org settings), made on first use. */
  value<T>(name: string, initial: () => T): { value: T };
  setOrigin(origin: string): void;
}

export interface OrgParts {
  readonly subdomain: string;
  readonly origin: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly indexDelayMs: number;
  readonly shaping: Shaping;
  readonly hasEmptyLastPages: boolean;
  readonly makeKeyPair: () => KeyPair;
}

export function createOrg(parts: OrgParts): Org {
  const ids = createIds(parts.random);
  const collections = new Map<string, unknown>();
  const relations = new Map<string, Relation>();
  const values = new Map<string, { value: unknown }>();
  let origin = parts.origin;
  const org: Org = {
    id: ids.next('00o'),
    subdomain: parts.subdomain,
    get origin() {
      return origin;
    },
    get adminOrigin() {
      return adminTwin(origin, parts.subdomain);
    },
    clock: parts.clock,
    random: parts.random,
    ids,
    indexDelayMs: parts.indexDelayMs,
    shaping: parts.shaping,
    hasEmptyLastPages: parts.hasEmptyLastPages,
    makeKeyPair: parts.makeKeyPair,
    users: new UserStore(),
    groups: new Collection(),
    groupRules: new Collection(),
    members: new Relation(),
    ruleMembers: new Relation(),
    factors: new Collection((factor) => factor.userId),
    roleAssignments: new Collection((assignment) => assignment.principalId),
    sessions: new Collection((session) => session.userId),
    apiTokens: new Collection((token) => token.secret),
    accessTokens: new Collection(),
    logs: new LogStore(),
    log: createLogWriter(() => org),
    hooks: createHooks(() => org),
    everyoneId: ids.next('00g'),
    userTypeId: ids.next('oty'),
    userSchemaId: ids.next('osc'),
    collection<T extends { readonly id: string }>(key: CollectionKey<T>) {
      let found = collections.get(key.name) as Collection<T> | undefined;
      if (found === undefined) {
        found = new Collection<T>(key.keyOf);
        collections.set(key.name, found);
      }
      return found;
    },
    relation(name) {
      let found = relations.get(name);
      if (found === undefined) {
        found = new Relation();
        relations.set(name, found);
      }
      return found;
    },
    value<T>(name: string, initial: () => T) {
      let found = values.get(name) as { value: T } | undefined;
      if (found === undefined) {
        found = { value: initial() };
        values.set(name, found);
      }
      return found;
    },
    setOrigin(next) {
      if (next === origin) return;
      origin = next;
      org.users.forgetTexts();
      org.groups.forgetTexts();
      for (const collection of collections.values()) if (collection instanceof Collection) collection.forgetTexts();
    },
  };
  const created = Math.floor(parts.clock.now() / 1000) * 1000 - 400 * 86_400_000;
  org.groups.put({
    id: org.everyoneId,
    type: 'BUILT_IN',
    created,
    lastUpdated: created,
    lastMembershipUpdated: created,
    profile: { name: 'Everyone', description: 'All users in your organization' },
    objectClass: ['okta:user_group'],
  });
  return org;
}

function adminTwin(origin: string, subdomain: string): string {
  return origin.replace(`//${subdomain}.`, `//${subdomain}-admin.`);
}
