-- args: -o vertical
SELECT id, status, profile.login AS login FROM okta.user.users WHERE id = (SELECT min(id) FROM okta.user.users WHERE status = 'SUSPENDED');
