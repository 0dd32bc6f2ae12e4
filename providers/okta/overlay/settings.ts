import type { ResourceOverlay } from '../../../src/catalog/builder/build.ts';
import { EXACT_TEXT, FORGETFUL_VALUE, VALUE, WORD } from './attributes.ts';

/** Zones, origins, hooks, templates, mappings, domains, contacts. */
export const settingsFacts: Readonly<Record<string, ResourceOverlay>> = {
  'okta.networkzone.zones': {
    methods: {
      list: {
        filters: [
          {
            parameter: 'filter',
            grammar: 'okta',
            connectives: ['or'],
            attributes: { id: WORD, usage: WORD, system: { operators: ['eq'], exact: true, literal: 'boolean' } },
          },
        ],
      },
    },
  },
  'okta.trustedorigin.trustedorigins': {
    methods: {
      list: {
        filters: [
          {
            parameter: 'filter',
            grammar: 'okta',
            connectives: [],
            attributes: {
              status: { ...WORD, maxValues: 1 },
              name: { ...EXACT_TEXT, exact: false, maxValues: 1 },
              origin: { ...EXACT_TEXT, exact: false, maxValues: 1 },
            },
          },
        ],
      },
    },
  },
  'okta.inlinehook.idps': { methods: { list: { filters: [{ parameter: 'type', grammar: 'value', attributes: { type: VALUE } }] } } },
  'okta.template.sms': { methods: { list: { filters: [{ parameter: 'templateType', grammar: 'value', attributes: { type: VALUE } }] } } },
  'okta.profilemapping.mappings': {
    methods: {
      list: {
        filters: [
          { parameter: 'sourceId', grammar: 'value', group: 'list', attributes: { 'source.id': FORGETFUL_VALUE } },
          { parameter: 'targetId', grammar: 'value', group: 'list', attributes: { 'target.id': FORGETFUL_VALUE } },
        ],
      },
    },
  },
  'okta.domain.domains': { relation: { key: ['id'], identity: { domainId: 'id' } } },
  'okta.org.contacts': { relation: { key: ['contactType'], identity: { contactType: 'contactType' } } },
};
