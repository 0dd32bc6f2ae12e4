import type { ResourceOverlay } from '../../../src/catalog/builder/build.ts';
import type { FilterFact, ProjectionFact } from '../../../src/catalog/overlay.ts';
import { EXACT_TEXT, LISTED_WORD, MAX_LOGINS, OPTIONAL_TIME, SEARCHABLE_TEXT, STRICT_TIME, TEXT, TIME, VALUE, WORD } from './attributes.ts';

/** Credentials and links are not known to be nameable: who needs them gets whole users. */
const USER_FIELDS: ProjectionFact = {
  parameter: 'fields',
  grammar: 'okta',
  always: ['id'],
  columns: ['status', 'created', 'activated', 'statusChanged', 'lastLogin', 'lastUpdated', 'passwordChanged', 'type', 'profile'],
  nested: ['profile'],
};

// Both find DEPROVISIONED users, which the plain list leaves out. lastLogin, passwordChanged and credentials cannot be searched.
const USER_FILTERS: readonly FilterFact[] = [
  {
    parameter: 'search',
    grammar: 'okta',
    connectives: ['and', 'or'],
    includesOmitted: true,
    indexed: true,
    everything: 'created gt "1970-01-01T00:00:00.000Z"',
    attributes: {
      id: WORD,
      status: LISTED_WORD,
      created: TIME,
      lastUpdated: TIME,
      activated: OPTIONAL_TIME,
      statusChanged: OPTIONAL_TIME,
      'type.id': WORD,
      'profile.login': { ...SEARCHABLE_TEXT, maxValues: MAX_LOGINS },
      'profile.email': { ...SEARCHABLE_TEXT, maxValues: MAX_LOGINS },
      'profile.firstName': SEARCHABLE_TEXT,
      'profile.lastName': SEARCHABLE_TEXT,
      'profile.*': { ...TEXT, perCall: MAX_LOGINS },
    },
  },
  {
    parameter: 'filter',
    grammar: 'okta',
    connectives: ['and', 'or'],
    includesOmitted: true,
    everything: 'lastUpdated gt "1970-01-01T00:00:00.000Z"',
    attributes: {
      id: WORD,
      status: WORD,
      lastUpdated: TIME,
      'profile.login': { ...EXACT_TEXT, maxValues: MAX_LOGINS },
      'profile.email': { ...EXACT_TEXT, maxValues: MAX_LOGINS },
      'profile.firstName': EXACT_TEXT,
      'profile.lastName': EXACT_TEXT,
    },
  },
];

const GROUP_FILTERS: readonly FilterFact[] = [
  {
    parameter: 'filter',
    grammar: 'okta',
    connectives: ['and', 'or'],
    indexed: true,
    attributes: { id: WORD, type: WORD, lastUpdated: STRICT_TIME, lastMembershipUpdated: STRICT_TIME },
  },
  {
    parameter: 'search',
    grammar: 'okta',
    connectives: ['and', 'or'],
    indexed: true,
    everything: 'created gt "1970-01-01T00:00:00.000Z"',
    attributes: {
      id: WORD,
      type: WORD,
      created: STRICT_TIME,
      lastUpdated: STRICT_TIME,
      lastMembershipUpdated: STRICT_TIME,
      'source.id': WORD,
      'profile.name': SEARCHABLE_TEXT,
      'profile.description': SEARCHABLE_TEXT,
      'profile.*': TEXT,
    },
  },
];

const ROLE_DRIVER = { parameter: 'userId', relation: 'okta.iam.assignees', column: 'id' } as const;

/** Users, groups, memberships, roles, factors, sessions. */
export const directoryFacts: Readonly<Record<string, ResourceOverlay>> = {
  'okta.user.users': {
    relation: {
      typicalRows: 10_000,
      always: ['status'],
      indexedBy: ['search'],
      notes: ['The plain list leaves DEPROVISIONED users out; search and filter find them.'],
    },
    methods: {
      list: {
        filters: USER_FILTERS,
        alone: ['q'],
        projection: USER_FIELDS,
        omits: [{ column: 'status', value: 'DEPROVISIONED' }],
        // Only attributes that every user has and that sort alike here and there: text sorts without regard to case at the API.
        sort: {
          by: 'sortBy',
          order: 'sortOrder',
          ascending: 'asc',
          descending: 'desc',
          attributes: { created: 'created', lastUpdated: 'lastUpdated' },
          requires: 'search',
          unchanging: 'created',
        },
      },
      // The first call only deactivates, and the user is listed as before.
      delete: { addsRows: 0 },
    },
  },
  'okta.user.groups': {
    relation: {
      equivalents: [{ relation: 'okta.group.users', columns: { userId: 'id', id: 'groupId' } }],
      analyzed: 'sample',
      embeds: [{ pointer: '', relation: 'okta.group.groups', key: 'id', column: 'id' }],
    },
  },
  'okta.user.roles': {
    relation: { drivers: [ROLE_DRIVER], analyzed: 'whole', notes: ['A role held through a group says assignmentType GROUP.'] },
  },
  'okta.user.grouptargets': { relation: { drivers: [ROLE_DRIVER], identity: { groupId: 'id' } } },
  'okta.user.appadmintargets': { relation: { drivers: [ROLE_DRIVER], key: ['id', 'name'], identity: { appName: 'name' } } },
  'okta.user.clients': { relation: { key: ['client_id'] } },
  'okta.user.grants': { methods: { list: { filters: [{ parameter: 'scopeId', grammar: 'value', attributes: { scopeId: VALUE } }] } } },
  'okta.user.idps': {
    relation: { equivalents: [{ relation: 'okta.identityprovider.users', columns: { userId: 'id', id: 'idpId' } }] },
  },
  'okta.group.groups': {
    relation: {
      typicalRows: 1000,
      indexedBy: ['filter', 'search'],
      sizes: [
        { parameter: 'expand', value: 'stats', pointer: '/_embedded/stats/usersCount', relation: 'okta.group.users', column: 'id' },
        { parameter: 'expand', value: 'stats', pointer: '/_embedded/stats/appsCount', relation: 'okta.group.apps', column: 'id' },
      ],
    },
    methods: {
      list: {
        filters: GROUP_FILTERS,
        sort: {
          by: 'sortBy',
          order: 'sortOrder',
          ascending: 'asc',
          descending: 'desc',
          attributes: { created: 'created', lastUpdated: 'lastUpdated', lastMembershipUpdated: 'lastMembershipUpdated' },
          requires: 'search',
          unchanging: 'created',
        },
      },
    },
  },
  'okta.group.users': {
    relation: {
      identity: { userId: 'id' },
      equivalents: [{ relation: 'okta.user.groups', columns: { groupId: 'id', id: 'userId' } }],
      embeds: [{ pointer: '', relation: 'okta.user.users', key: 'id', column: 'id' }],
    },
  },
  'okta.group.apps': {
    relation: {
      secrets: ['credentials.oauthClient.client_secret'],
      equivalents: [{ relation: 'okta.application.groups', columns: { groupId: 'id', id: 'appId' } }],
      // Answers of old differ in the links.
      embeds: [{ pointer: '', relation: 'okta.application.apps', key: 'id', column: 'id', except: ['_links'] }],
    },
  },
  'okta.group.owners': { relation: { analyzed: 'sample', identity: { ownerId: 'id' }, notes: ['An owner may be a group.'] } },
  'okta.group.grouptargets': { relation: { identity: { targetGroupId: 'id' } } },
  'okta.group.apptargets': { relation: { key: ['id', 'name'], identity: { appName: 'name' } } },
  'okta.session.sessions': { relation: { identity: { sessionId: 'id' } } },
  'okta.userfactor.factors': {
    relation: {
      analyzed: 'sample',
      secrets: ['_embedded.activation.sharedSecret'],
      notes: ['Which factors are listed depends on the enrolment policy and on the caller.'],
    },
  },
  'okta.userfactor.catalog': { relation: { key: ['factorType', 'provider'] } },
  'okta.userfactor.questions': { relation: { key: ['question'] } },
};
