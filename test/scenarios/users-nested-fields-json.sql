-- args: -o json
SELECT profile.login, profile->>'department' AS department, created, profile IS NOT NULL AS has_profile FROM okta.user.users WHERE status = 'LOCKED_OUT' ORDER BY profile.login;
