import type { OverlaySubject } from '../../../src/catalog/builder/build.ts';
import type { ParentFact, RelationFacts } from '../../../src/catalog/overlay.ts';

/** Path parameter -> what lists every value of it. A service of its own may mean something else by the name. */
const PARENTS: Readonly<Record<string, ParentFact>> = {
  userId: { relation: 'okta.user.users', column: 'id' },
  groupId: { relation: 'okta.group.groups', column: 'id' },
  appId: { relation: 'okta.application.apps', column: 'id' },
  appInstanceId: { relation: 'okta.application.apps', column: 'id' },
  policyId: { relation: 'okta.policy.policies', column: 'id' },
  authServerId: { relation: 'okta.authorizationserver.authorizationservers', column: 'id' },
  idpId: { relation: 'okta.identityprovider.idps', column: 'id' },
  factorId: { relation: 'okta.userfactor.factors', column: 'id' },
  contactType: { relation: 'okta.org.contacts', column: 'contactType' },
  'authorizationserver.policyId': { relation: 'okta.authorizationserver.policies', column: 'id' },
  'authorizationserver.clientId': { relation: 'okta.authorizationserver.clients', column: 'client_id' },
  'identityprovider.userId': { relation: 'okta.identityprovider.users', column: 'id' },
  'user.clientId': { relation: 'okta.user.clients', column: 'client_id' },
  'user.roleId': { relation: 'okta.user.roles', column: 'id' },
  'group.roleId': { relation: 'okta.group.roles', column: 'id' },
};

/** Parents, key and identity of a relation, as far as its paths tell them. */
export function kinship({ relation, methods, columns }: OverlaySubject): RelationFacts {
  const service = relation.split('.')[1] ?? '';
  const reading = methods.filter((method) => method.verbs.includes('SELECT'));
  const key = columns.includes('id') ? 'id' : columns.includes('kid') ? 'kid' : undefined;
  const list = reading.find((method) => method.name === 'list');
  const identity: Record<string, string> = {};
  for (const { path } of reading) {
    const [, head, parameter] = /^(.*)\/\{([^{}/]+)\}$/.exec(path) ?? [];
    if (key !== undefined && parameter !== undefined && list?.path === head) identity[parameter] = key;
  }
  const parents: Record<string, ParentFact> = {};
  for (const { path } of reading) {
    for (const [, parameter] of path.matchAll(/\{([^{}/]+)\}/g)) {
      if (parameter === undefined || identity[parameter] !== undefined) continue;
      const parent = PARENTS[`${service}.${parameter}`] ?? PARENTS[parameter];
      if (parent !== undefined && parent.relation !== relation) parents[parameter] = parent;
    }
  }
  return {
    ...(key === undefined ? {} : { key: [key] }),
    ...(Object.keys(identity).length === 0 ? {} : { identity }),
    ...(Object.keys(parents).length === 0 ? {} : { parents }),
  };
}
