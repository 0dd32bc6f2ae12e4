import type { ResourceOverlay } from '../../../src/catalog/builder/build.ts';
import { FORGETFUL_VALUE, NAME_START, TEXT, WORD } from './attributes.ts';

const ONE_WORD = { ...WORD, maxValues: 1 };

/** Apps, assignments, identity providers, authorization servers. */
export const applicationFacts: Readonly<Record<string, ResourceOverlay>> = {
  'okta.application.apps': {
    relation: { typicalRows: 300, secrets: ['credentials.oauthClient.client_secret'] },
    methods: {
      list: {
        filters: [
          // One comparison, no more.
          {
            parameter: 'filter',
            grammar: 'okta',
            connectives: [],
            attributes: { id: ONE_WORD, status: ONE_WORD, name: ONE_WORD, 'credentials.signing.kid': ONE_WORD },
          },
          { parameter: 'q', grammar: 'value', attributes: { label: NAME_START } },
        ],
      },
    },
  },
  'okta.application.users': {
    relation: {
      analyzed: 'whole',
      // The apps of a user, each with the assignment of that user.
      equivalents: [
        {
          relation: 'okta.application.apps',
          columns: { appId: 'id' },
          pointer: '/_embedded/user',
          by: { column: 'id', parameters: { filter: 'user.id eq "{}"', expand: 'user/{}' } },
        },
      ],
      embeds: [{ parameter: 'expand', value: 'user', pointer: '/_embedded/user', relation: 'okta.user.users', key: 'id', column: 'id' }],
    },
  },
  'okta.application.groups': {
    relation: {
      analyzed: 'whole',
      embeds: [
        { parameter: 'expand', value: 'group', pointer: '/_embedded/group', relation: 'okta.group.groups', key: 'id', column: 'id' },
      ],
      equivalents: [{ relation: 'okta.group.apps', columns: { id: 'groupId', appId: 'id' } }],
    },
  },
  'okta.identityprovider.idps': {
    methods: {
      list: {
        filters: [
          { parameter: 'type', grammar: 'value', group: 'list', attributes: { type: FORGETFUL_VALUE } },
          { parameter: 'q', grammar: 'value', group: 'list', attributes: { name: NAME_START } },
        ],
      },
    },
  },
  'okta.identityprovider.users': {
    relation: { equivalents: [{ relation: 'okta.user.idps', columns: { id: 'userId', idpId: 'id' } }] },
  },
  'okta.identityprovider.usertokens': { relation: { secrets: ['token'] } },
  'okta.authorizationserver.authorizationservers': {
    methods: { list: { filters: [{ parameter: 'q', grammar: 'value', attributes: { name: { ...TEXT, maxValues: 1 } } }] } },
  },
  'okta.authorizationserver.clients': { relation: { key: ['client_id'] } },
};
