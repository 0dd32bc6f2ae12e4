-- A limit stops the paging: one page, though there are more users.
SELECT id, status FROM okta.user.users LIMIT 3;
