-- What would be cheaper is said before a statement that may not make so many calls, and when one is stopped, with how to go on.
-- args: --max-calls 1
EXPLAIN SELECT status, count(*) FROM okta.user.users WHERE trim(profile.department) = 'Sales' GROUP BY status;
SELECT g.profile.name, count(*) AS members FROM okta.group.groups g JOIN okta.group.users m ON m.groupId = g.id GROUP BY ALL;
