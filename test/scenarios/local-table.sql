CREATE TEMP TABLE suspended AS SELECT id, profile.login AS login FROM okta.user.users WHERE status = 'SUSPENDED';
SELECT count(*) AS n FROM suspended;
SELECT s.login, count(*) AS groups FROM suspended s JOIN okta.user.groups g ON g.userId = s.id GROUP BY 1 ORDER BY 1;
