-- args: -o json
EXPLAIN SELECT profile.login FROM okta.user.users WHERE status = 'LOCKED_OUT' LIMIT 3;
