import type { ResourceOverlay } from '../../../src/catalog/builder/build.ts';
import type { AttributeFact } from '../../../src/catalog/overlay.ts';
import { LOG_TEXT, WORD } from './attributes.ts';

/** Words that every event has: unlike is unlike. */
const ALWAYS_WORD: AttributeFact = { operators: ['eq', 'ne', 'sw'], exact: true, literal: 'string' };
/** Words that an event may lack. */
const OPTIONAL_WORD: AttributeFact = { operators: ['eq', 'ne'], exact: true, optional: true, literal: 'string' };
/** Over a list of targets one that fits is enough. */
const OF_ANY_TARGET: AttributeFact = { operators: ['eq', 'sw', 'co'], exact: false, literal: 'string' };
const FROM: AttributeFact = { operators: ['gt', 'ge'], exact: false, literal: 'date', widenMs: 1 };
const TO: AttributeFact = { operators: ['lt', 'le'], exact: false, literal: 'date', widenMs: 1 };

/** The system log. `published` may not stand in a filter: it becomes `since` and `until`. */
export const logFacts: Readonly<Record<string, ResourceOverlay>> = {
  'okta.log.logs': {
    relation: {
      key: ['uuid'],
      words: { 'outcome.result': ['SUCCESS', 'FAILURE', 'SKIPPED', 'ALLOW', 'DENY', 'CHALLENGE', 'UNKNOWN'] },
      notes: ['Okta keeps 90 days; without a lower bound on published (or the parameter since) all of them are read.'],
    },
    methods: {
      list: {
        // Without `until` the list would never end. Without `since` the API would give the seven days before `until`, so that another bound on
        // `published` would change more than it says.
        defaults: { since: '$now-90d', until: '$now' },
        filters: [
          {
            parameter: 'filter',
            grammar: 'okta',
            group: 'log',
            attributes: {
              uuid: WORD,
              eventType: ALWAYS_WORD,
              severity: ALWAYS_WORD,
              legacyEventType: LOG_TEXT,
              displayMessage: LOG_TEXT,
              'outcome.result': OPTIONAL_WORD,
              'outcome.reason': LOG_TEXT,
              'actor.id': WORD,
              'actor.type': LOG_TEXT,
              'actor.alternateId': LOG_TEXT,
              'actor.displayName': LOG_TEXT,
              'target.id': OF_ANY_TARGET,
              'target.type': OF_ANY_TARGET,
              'target.alternateId': OF_ANY_TARGET,
              'target.displayName': OF_ANY_TARGET,
              'client.id': WORD,
              'client.ipAddress': LOG_TEXT,
              'client.device': LOG_TEXT,
              'client.zone': LOG_TEXT,
              'client.userAgent.*': LOG_TEXT,
              'client.geographicalContext.city': LOG_TEXT,
              'client.geographicalContext.state': LOG_TEXT,
              'client.geographicalContext.country': LOG_TEXT,
              'client.geographicalContext.postalCode': LOG_TEXT,
              'authenticationContext.externalSessionId': LOG_TEXT,
              'authenticationContext.credentialType': LOG_TEXT,
              'authenticationContext.authenticationProvider': LOG_TEXT,
              'securityContext.asOrg': LOG_TEXT,
              'securityContext.isp': LOG_TEXT,
              'securityContext.domain': LOG_TEXT,
              'transaction.id': WORD,
              'transaction.type': LOG_TEXT,
              // A part of an address may not be looked for, so these two come before the rest.
              'debugContext.debugData.url': { operators: ['eq', 'sw'], exact: false, literal: 'string' },
              'debugContext.debugData.requestUri': { operators: ['eq', 'sw'], exact: false, literal: 'string' },
              'debugContext.debugData.*': LOG_TEXT,
            },
          },
          { parameter: 'since', grammar: 'value', group: 'log', attributes: { published: FROM } },
          { parameter: 'until', grammar: 'value', group: 'log', attributes: { published: TO } },
        ],
        sort: {
          by: '',
          order: 'sortOrder',
          ascending: 'ASCENDING',
          descending: 'DESCENDING',
          attributes: { published: 'published' },
          unchanging: 'published',
        },
      },
    },
  },
};
