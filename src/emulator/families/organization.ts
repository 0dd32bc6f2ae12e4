import { json } from '../reply.ts';
import type { Family } from '../types.ts';

/** The unauthenticated description of an org. */
export const organization: Family = {
  name: 'organization',
  routes: [
    {
      method: 'GET',
      path: '/.well-known/okta-organization',
      isPublic: true,
      handle: ({ org }) =>
        json(200, {
          id: org.id,
          _links: { organization: { href: org.origin } },
          settings: { analyticsCollectionEnabled: false, bugReportingEnabled: false, omEnabled: false },
          pipeline: 'idx',
          cell: 'ok1',
        }),
    },
  ],
};
