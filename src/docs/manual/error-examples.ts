import type { ErrorCode } from '../../util/error-codes.ts';

/** Statements that raise an error on the demo org: the errors page shows what they print. */
export const ERROR_EXAMPLES: Readonly<Partial<Record<ErrorCode, string>>> = {
  syntax_error: "SELECT id, status FROM okta.user.users WHERE status = 'ACTIVE",
  unknown_provider: 'SELECT id FROM octa.user.users',
  unknown_service: 'SELECT id FROM okta.usr.users',
  unknown_relation: 'SELECT id FROM okta.user.uesrs',
  unknown_column: 'SELECT id, statsu FROM okta.user.users',
  unknown_method: "EXEC okta.user.users.suspnd @userId = '00u1'",
  unknown_parameter: "EXEC okta.user.users.suspend @userId = '00u1', @reason = 'left'",
  ambiguous_column: 'SELECT id FROM okta.user.users u JOIN okta.user.roles r ON r.userId = u.id',
  required_parameter_missing: 'SELECT * FROM okta.group.users',
  forbidden_by_sandbox: "SELECT * FROM read_csv('people.csv')",
  unknown_org: "SELECT id FROM okta.user.users WHERE subdomain = 'acne'",
  not_found: "EXEC okta.user.users.suspend @userId = '00u1'",
  api_error: "SELECT name FROM okta.policy.policies WHERE type = 'PASWORD'",
  refused: 'DELETE FROM okta.group.groups',
};
