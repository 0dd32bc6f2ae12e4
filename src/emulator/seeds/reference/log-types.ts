/** What a type of event is about, which decides its actor and targets. */
export type EventSubject = 'self' | 'app' | 'admin-user' | 'admin-app-user' | 'admin-group' | 'admin-object' | 'system';

export interface LogType {
  readonly type: string;
  readonly subject: EventSubject;
  /** Share among the events that succeed. */
  readonly weight: number;
  readonly result?: 'SUCCESS' | 'ALLOW' | 'CHALLENGE' | 'SKIPPED';
}

/** Types of events that succeed, in lifelike shares; successful sign-ins are counted apart. */
export const LOG_TYPES: readonly LogType[] = [
  { type: 'user.authentication.sso', subject: 'app', weight: 330 },
  { type: 'policy.evaluate_sign_on', subject: 'self', weight: 210, result: 'ALLOW' },
  { type: 'user.authentication.auth_via_mfa', subject: 'self', weight: 140 },
  { type: 'user.authentication.verify', subject: 'self', weight: 60, result: 'CHALLENGE' },
  { type: 'user.session.end', subject: 'self', weight: 35 },
  { type: 'user.session.context.change', subject: 'self', weight: 20 },
  { type: 'user.session.access_admin_app', subject: 'admin-user', weight: 12 },
  { type: 'user.session.clear', subject: 'admin-user', weight: 2 },
  { type: 'app.oauth2.as.authorize', subject: 'app', weight: 30 },
  { type: 'app.oauth2.as.token.grant.access_token', subject: 'app', weight: 30 },
  { type: 'app.oauth2.as.token.grant.id_token', subject: 'app', weight: 25 },
  { type: 'app.oauth2.as.token.grant.refresh_token', subject: 'app', weight: 15 },
  { type: 'app.oauth2.token.grant.access_token', subject: 'app', weight: 15 },
  { type: 'app.oauth2.as.consent.grant', subject: 'app', weight: 2 },
  { type: 'app.oauth2.token.revoke', subject: 'app', weight: 2 },
  { type: 'app.generic.unauth_app_access_attempt', subject: 'app', weight: 4 },
  { type: 'app.user_management.push_profile_success', subject: 'app', weight: 6 },
  { type: 'app.access_request.request', subject: 'app', weight: 2 },
  { type: 'user.mfa.factor.activate', subject: 'self', weight: 8 },
  { type: 'user.mfa.factor.deactivate', subject: 'admin-user', weight: 4 },
  { type: 'user.mfa.factor.update', subject: 'self', weight: 3 },
  { type: 'user.mfa.factor.reset_all', subject: 'admin-user', weight: 2 },
  { type: 'user.mfa.okta_verify', subject: 'self', weight: 10 },
  { type: 'user.mfa.attempt_bypass', subject: 'self', weight: 1 },
  { type: 'user.account.update_profile', subject: 'admin-user', weight: 20 },
  { type: 'user.account.update_password', subject: 'self', weight: 6 },
  { type: 'user.account.reset_password', subject: 'admin-user', weight: 4 },
  { type: 'user.account.expire_password', subject: 'admin-user', weight: 2 },
  { type: 'user.account.unlock', subject: 'self', weight: 2 },
  { type: 'user.account.unlock_by_admin', subject: 'admin-user', weight: 2 },
  { type: 'user.account.privilege.grant', subject: 'admin-user', weight: 1 },
  { type: 'user.account.privilege.revoke', subject: 'admin-user', weight: 1 },
  { type: 'user.lifecycle.create', subject: 'admin-user', weight: 4 },
  { type: 'user.lifecycle.activate', subject: 'admin-user', weight: 4 },
  { type: 'user.lifecycle.reactivate', subject: 'admin-user', weight: 1 },
  { type: 'user.lifecycle.suspend', subject: 'admin-user', weight: 1 },
  { type: 'user.lifecycle.unsuspend', subject: 'admin-user', weight: 1 },
  { type: 'user.lifecycle.deactivate', subject: 'admin-user', weight: 2 },
  { type: 'user.lifecycle.delete.initiated', subject: 'admin-user', weight: 1 },
  { type: 'user.registration.create', subject: 'self', weight: 1 },
  { type: 'user.risk.detect', subject: 'self', weight: 3 },
  { type: 'user.import.password', subject: 'admin-user', weight: 1 },
  { type: 'group.user_membership.add', subject: 'admin-group', weight: 18 },
  { type: 'group.user_membership.remove', subject: 'admin-group', weight: 9 },
  { type: 'group.user_membership.rule.add', subject: 'admin-object', weight: 1 },
  { type: 'group.user_membership.rule.activate', subject: 'admin-object', weight: 1 },
  { type: 'group.lifecycle.create', subject: 'admin-object', weight: 1 },
  { type: 'group.profile.update', subject: 'admin-object', weight: 1 },
  { type: 'group.privilege.grant', subject: 'admin-object', weight: 1 },
  { type: 'group.application_assignment.add', subject: 'admin-object', weight: 1 },
  { type: 'application.user_membership.add', subject: 'admin-app-user', weight: 14 },
  { type: 'application.user_membership.remove', subject: 'admin-app-user', weight: 7 },
  { type: 'application.user_membership.update', subject: 'admin-app-user', weight: 4 },
  { type: 'application.user_membership.provision', subject: 'admin-app-user', weight: 4 },
  { type: 'application.lifecycle.create', subject: 'admin-object', weight: 1 },
  { type: 'application.lifecycle.update', subject: 'admin-object', weight: 2 },
  { type: 'application.lifecycle.activate', subject: 'admin-object', weight: 1 },
  { type: 'application.lifecycle.deactivate', subject: 'admin-object', weight: 1 },
  { type: 'application.provision.user.sync', subject: 'admin-app-user', weight: 4 },
  { type: 'policy.lifecycle.update', subject: 'admin-object', weight: 1 },
  { type: 'policy.rule.update', subject: 'admin-object', weight: 1 },
  { type: 'policy.rule.add', subject: 'admin-object', weight: 1 },
  { type: 'zone.update', subject: 'admin-object', weight: 1 },
  { type: 'system.api_token.create', subject: 'admin-object', weight: 1 },
  { type: 'system.api_token.revoke', subject: 'admin-object', weight: 1 },
  { type: 'system.org.rate_limit.warning', subject: 'system', weight: 1 },
  { type: 'system.email.delivery', subject: 'system', weight: 8 },
  { type: 'system.import.start', subject: 'system', weight: 2 },
  { type: 'system.import.complete', subject: 'system', weight: 2 },
  { type: 'system.agent.ad.read_ldap', subject: 'system', weight: 4 },
];

/** Events that fail or are denied, beside denied pushes. */
export const FAILURES: readonly {
  readonly type: string;
  readonly result: 'FAILURE' | 'DENY';
  readonly reason: string;
  readonly weight: number;
}[] = [
  { type: 'user.session.start', result: 'FAILURE', reason: 'INVALID_CREDENTIALS', weight: 62 },
  { type: 'user.session.start', result: 'FAILURE', reason: 'LOCKED_OUT', weight: 5 },
  { type: 'policy.evaluate_sign_on', result: 'DENY', reason: 'Sign-on policy evaluation resulted in DENY', weight: 14 },
  { type: 'user.authentication.auth_via_mfa', result: 'FAILURE', reason: 'INVALID_CREDENTIALS', weight: 9 },
  { type: 'user.account.lock', result: 'FAILURE', reason: 'LOCKED_OUT', weight: 3 },
  { type: 'security.threat.detected', result: 'DENY', reason: 'Request from suspicious actor', weight: 3 },
  { type: 'app.oauth2.as.authorize', result: 'FAILURE', reason: 'access_denied', weight: 2 },
  { type: 'user.authentication.sso', result: 'FAILURE', reason: 'User not assigned to application', weight: 2 },
];
