SELECT status, count(*) AS users FROM okta.user.users GROUP BY status ORDER BY status;
