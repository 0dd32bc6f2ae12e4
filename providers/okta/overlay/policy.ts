import type { ResourceOverlay } from '../../../src/catalog/builder/build.ts';
import { NAME_START, VALUE } from './attributes.ts';

/** Every type that `GET /policies` takes. An org answers 400 or 403 for those that it does not have. */
const POLICY_TYPES = [
  'ACCESS_POLICY',
  'CLIENT_UPDATE',
  'DEVICE_SIGNAL_COLLECTION',
  'ENTITY_RISK',
  'IDENTITY_CLAIM_SOURCING',
  'IDP_DISCOVERY',
  'MFA_ENROLL',
  'OKTA_SIGN_ON',
  'PASSWORD',
  'POST_AUTH_SESSION',
  'PROFILE_ENROLLMENT',
  'SESSION_VIOLATION_DETECTION',
];

/** Policies and their rules. */
export const policyFacts: Readonly<Record<string, ResourceOverlay>> = {
  'okta.policy.policies': {
    relation: {
      identity: { type: 'type' },
      domains: { type: POLICY_TYPES },
      // The rules of a policy are not paged, on their own or embedded.
      embeds: [
        {
          parameter: 'expand',
          value: 'rules',
          pointer: '/_embedded/rules',
          relation: 'okta.policy.rules',
          key: 'policyId',
          column: 'id',
          holds: 'rows',
        },
      ],
    },
    methods: {
      list: {
        filters: [
          { parameter: 'status', grammar: 'value', group: 'list', attributes: { status: VALUE } },
          { parameter: 'q', grammar: 'value', group: 'list', attributes: { name: NAME_START } },
        ],
      },
    },
  },
  'okta.policy.rules': {
    relation: {
      analyzed: 'whole',
      identity: { ruleId: 'id' },
      parameterOnly: ['type'],
      domains: { type: POLICY_TYPES },
      notes: ['As a parameter, type is the type of the policies whose rules are read; the column is the type of the rule.'],
    },
    methods: {
      list: { fanOut: { over: 'okta.policy.policies', parameter: 'policyId', column: 'id', method: 'listOfPolicy' } },
    },
  },
};
