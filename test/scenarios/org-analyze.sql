-- What EXPLAIN says of an org that nothing is known of, and after it was counted. Only the counting asks the org for anything.
-- between: org analyze emulated --relation okta.user.users --relation okta.group.groups --relation okta.userfactor.factors
EXPLAIN SELECT status, count(*) FROM okta.user.users GROUP BY status;
EXPLAIN SELECT u.id, f.factorType FROM okta.user.users u JOIN okta.userfactor.factors f ON f.userId = u.id WHERE u.status = 'SUSPENDED';
EXPLAIN SELECT g.profile.name, m.id FROM okta.group.groups g JOIN okta.group.users m ON m.groupId = g.id;
