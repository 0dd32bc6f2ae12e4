-- What people read.
EXPLAIN SELECT profile.login FROM okta.user.users WHERE status = 'LOCKED_OUT' LIMIT 3;
EXPLAIN EXEC okta.session.sessions.refresh @sessionId = '102x';
EXPLAIN SELECT 1;
