/**
 * Statements that must give what plain tables give, a line each; `{user 3}`, `{group 1}` and `{app 0}` stand for ids that exist.
 * `userId`, `groupId`, `appId` and `policyId` are parameters: the statements differ in what their values come from.
 */
export const STATEMENTS: Readonly<Record<string, string>> = {
  'outer, semi and anti joins': `
SELECT count(*) FROM okta.user.users u LEFT JOIN okta.userfactor.factors f ON f.userId = u.id
SELECT g.id, m.id FROM okta.group.groups g LEFT JOIN okta.group.users m ON m.groupId = g.id
SELECT g.id, m.id FROM okta.group.groups g RIGHT JOIN okta.group.users m ON m.groupId = g.id
SELECT g.id, m.id FROM okta.group.groups g FULL JOIN okta.group.users m ON m.groupId = g.id
SELECT g.id FROM okta.group.groups g SEMI JOIN okta.group.users m ON m.groupId = g.id
SELECT g.id FROM okta.group.groups g ANTI JOIN okta.group.users m ON m.groupId = g.id
SELECT u.id FROM okta.user.users u ANTI JOIN okta.userfactor.factors f ON f.userId = u.id AND f.status = 'ACTIVE' WHERE u.status = 'ACTIVE'
SELECT u.id, f.id FROM okta.userfactor.factors f FULL JOIN okta.user.users u ON f.userId = u.id WHERE u.id = f.userId
SELECT f.id, u.id FROM okta.userfactor.factors f LEFT JOIN okta.user.users u ON f.userId = u.id WHERE u.status = 'ACTIVE'
SELECT u.id, a.id, f.id FROM okta.group.groups a FULL JOIN okta.user.users u ON a.id = u.profile.nickName FULL JOIN okta.userfactor.factors f ON f.userId = u.id
SELECT u.id, m.groupId FROM okta.user.users u LEFT JOIN okta.group.users m ON m.id = u.id AND m.groupId = u.profile.nickName
SELECT p.name, r.name FROM okta.policy.policies p LEFT JOIN okta.policy.rules r ON r.policyId = p.id
SELECT a.label, x.id FROM okta.application.apps a LEFT JOIN okta.application.users x ON x.appId = a.id
SELECT a.label, x.id FROM okta.application.apps a LEFT JOIN okta.application.groups x ON x.appId = a.id
SELECT m.id, n.id FROM okta.group.users m FULL JOIN okta.user.groups n ON m.groupId = n.id AND n.userId = m.id
SELECT u.id, m.groupId FROM okta.group.users m RIGHT JOIN okta.user.users u ON m.id = u.id AND m.groupId = u.profile.nickName JOIN okta.group.groups g ON g.id = coalesce(m.groupId, '{group 1}')
SELECT count(*) FROM okta.userfactor.factors f LEFT JOIN (SELECT q.groupId, q.id FROM okta.group.users q WHERE q.groupId = 'none') m ON m.id = f.userId WHERE NOT EXISTS (SELECT 1 FROM okta.group.groups g WHERE g.id = coalesce(m.groupId, '{group 1}'))`,
  'joins by name, order and position': `
SELECT f.id, u.id FROM okta.user.users u LEFT JOIN okta.userfactor.factors f USING (userId) WHERE u.status = 'ACTIVE'
SELECT f.id, userId FROM okta.user.users u JOIN okta.userfactor.factors f USING (userId)
SELECT f.id, userId FROM okta.user.users u FULL JOIN okta.userfactor.factors f USING (userId)
SELECT userId, count(f.id) FROM okta.userfactor.factors f RIGHT JOIN okta.user.users u USING (userId) GROUP BY userId ORDER BY userId
SELECT id, u.status FROM okta.user.users u RIGHT JOIN (VALUES ('a'), ('{user 2}')) v(id) USING (id)
SELECT id, x.groupId FROM okta.user.users u FULL JOIN (VALUES ('a'), ('{user 2}')) v(id) USING (id) LEFT JOIN okta.group.users x ON x.groupId = id
SELECT x.id FROM (VALUES ('{group 1}')) w(id) FULL JOIN (VALUES ('a'), ('{group 2}')) v(id) USING (id) JOIN okta.group.users x ON x.groupId = id
SELECT id, g.type, m.type FROM okta.group.groups g FULL JOIN (SELECT id, type FROM okta.group.groups WHERE profile.name = 'Alpha') m USING (id) WHERE id IS NOT NULL
SELECT id, status FROM (SELECT id, status FROM okta.user.users) NATURAL JOIN (SELECT userId AS id, factorType FROM okta.userfactor.factors WHERE userId IN (SELECT id FROM okta.user.users))
SELECT id, status FROM (SELECT id, status FROM okta.user.users) NATURAL FULL JOIN (SELECT id, type FROM okta.group.groups) ORDER BY id
SELECT u.id, g.id FROM okta.user.users u ASOF JOIN okta.group.groups g ON u.created >= g.created
SELECT u.id, g.id FROM okta.user.users u ASOF LEFT JOIN okta.group.groups g ON u.created >= g.created
SELECT g.id, m.id FROM okta.group.groups g ASOF JOIN okta.group.users m ON g.id = m.groupId AND m.created >= g.created
SELECT g.id, m.id FROM okta.group.groups g ASOF LEFT JOIN okta.group.users m ON g.id = m.groupId AND g.created >= m.created
SELECT count(*) FROM okta.user.users u POSITIONAL JOIN okta.group.groups g
SELECT count(*) FROM okta.user.users USING SAMPLE 100%`,
  'stars of queries inside': `
SELECT x.id, x.status FROM (SELECT * FROM okta.user.users) x WHERE x.profile.department = 'Sales'
WITH x AS (SELECT * FROM okta.user.users), y AS (SELECT x.*, 1 AS n FROM x) SELECT y.id, x.status FROM y JOIN x USING (id) WHERE y.n = 1
WITH x AS (SELECT u.* FROM okta.user.users u JOIN okta.group.users m ON m.id = u.id JOIN okta.group.groups g ON g.id = m.groupId ORDER BY u.id) SELECT status, count(*) FROM x GROUP BY ALL
SELECT g.id FROM okta.group.groups g WHERE EXISTS (SELECT * FROM okta.group.users m WHERE m.groupId = g.id AND m.status = 'ACTIVE')
SELECT g.id FROM okta.group.groups g WHERE NOT EXISTS (SELECT m.* FROM okta.group.users m WHERE m.groupId = g.id AND m.status = 'ACTIVE')
SELECT count(*) FROM (SELECT DISTINCT * EXCLUDE (id, userId, created, lastLogin, profile) FROM (SELECT id, userId, status, created, lastLogin, profile FROM okta.user.users))
SELECT count(*) FROM (SELECT id, status FROM (SELECT * FROM okta.user.users) UNION SELECT id, type FROM (SELECT * FROM okta.group.groups))
SELECT x.id, (SELECT count(*) FROM (SELECT * FROM okta.user.users u WHERE u.status = x.status)) FROM (SELECT * FROM okta.user.users LIMIT 100) x
SELECT x.id FROM (SELECT * FROM okta.user.users) x NATURAL JOIN (SELECT id, status FROM okta.user.users) y
SELECT count(*) FROM (SELECT * FROM okta.user.users u JOIN okta.application.apps a ON u.status = a.status)
SELECT x.id, x.label FROM (SELECT * FROM okta.user.users u JOIN okta.application.apps a ON u.status = a.status) x`,
  'common table expressions in what is asked of others': `
WITH c0 AS (SELECT x.appId, x.id FROM okta.application.groups x), c1 AS (SELECT id FROM okta.application.apps WHERE status = 'ACTIVE') SELECT c0.id FROM c0 WHERE c0.appId IN (SELECT c1.id FROM c1)
WITH c0 AS (SELECT x.appId, x.id FROM okta.application.groups x), c1 AS (SELECT id FROM okta.application.apps) SELECT c0.id FROM c0 WHERE c0.appId = (SELECT max(c1.id) FROM c1)
WITH c0 AS (WITH c1 AS (SELECT 'x' AS id) SELECT x.appId, x.id FROM okta.application.groups x, c1 WHERE x.id <> c1.id), c1 AS (SELECT id FROM okta.application.apps) SELECT c0.id FROM c0 WHERE c0.appId IN (SELECT c1.id FROM c1)
WITH c0 AS (SELECT * FROM (WITH c1 AS (SELECT '{user 1}' AS id) SELECT u.id, c1.id AS other FROM okta.user.users u, c1)), c1 AS (SELECT '{user 2}' AS id) SELECT c0.id FROM c0 WHERE c0.id IN (SELECT c1.id FROM c1)`,
  subqueries: `
SELECT g.id FROM okta.group.groups g WHERE EXISTS (FROM okta.group.users m WHERE m.groupId = g.id AND m.status = 'ACTIVE')
SELECT g.id FROM okta.group.groups g WHERE NOT EXISTS (FROM okta.group.users m WHERE m.groupId = g.id AND m.status = 'ACTIVE')
SELECT u.id FROM okta.user.users u WHERE u.id IN (SELECT m.id FROM okta.group.users m WHERE m.groupId IN (SELECT id FROM okta.group.groups WHERE profile.name = 'Alpha'))
SELECT u.id FROM okta.user.users u WHERE u.id NOT IN (SELECT m.id FROM okta.group.users m WHERE m.groupId IN (SELECT id FROM okta.group.groups WHERE profile.name = 'Alpha'))
SELECT u.id FROM okta.user.users u WHERE u.profile.nickName NOT IN (SELECT g.id FROM okta.group.groups g WHERE g.profile.name <> 'Alpha')
SELECT u.id FROM okta.user.users u WHERE u.profile.nickName NOT IN (SELECT g.profile.description FROM okta.group.groups g)
SELECT u.id FROM okta.user.users u WHERE (u.profile.nickName IN (SELECT g.profile.description FROM okta.group.groups g)) IS NULL
SELECT u.id, (SELECT count(*) FROM okta.userfactor.factors f WHERE f.userId = u.id) FROM okta.user.users u
SELECT u.id FROM okta.user.users u WHERE u.created >= ALL (SELECT g.created FROM okta.group.groups g)
SELECT u.id FROM okta.user.users u WHERE u.created > ANY (SELECT g.created FROM okta.group.groups g)
SELECT f.id FROM okta.userfactor.factors f WHERE f.userId = ANY (SELECT id FROM okta.user.users WHERE status = 'ACTIVE')
SELECT f.userId, f.id FROM okta.userfactor.factors f WHERE f.userId = (SELECT max(id) FROM okta.user.users WHERE status = 'ACTIVE')
SELECT u.status, count(*) FROM okta.user.users u GROUP BY u.status HAVING count(*) > (SELECT count(*) FROM okta.application.users x WHERE x.appId = (SELECT min(id) FROM okta.application.apps))
SELECT u.id FROM okta.user.users u ORDER BY (SELECT count(*) FROM okta.user.groups g WHERE g.userId = u.id) DESC, u.id LIMIT 3
SELECT u.id, sum((SELECT count(*) FROM okta.user.groups g WHERE g.userId = u.id)) OVER (ORDER BY u.id) FROM okta.user.users u
SELECT u.id FROM okta.user.users u QUALIFY rank() OVER (ORDER BY (SELECT count(*) FROM okta.user.groups g WHERE g.userId = u.id)) = 1
SELECT u.id, CASE WHEN EXISTS (SELECT 1 FROM okta.userfactor.factors f WHERE f.userId = u.id) THEN 'some' ELSE 'none' END FROM okta.user.users u
SELECT u.id FROM okta.user.users u WHERE (u.id, u.status) IN (SELECT f.userId, f.status FROM okta.userfactor.factors f WHERE f.userId IN (SELECT id FROM okta.user.users))
SELECT u.id FROM okta.user.users u WHERE EXISTS (SELECT 1 FROM okta.application.apps a WHERE u.status = a.status AND EXISTS (SELECT 1 FROM okta.application.users x WHERE x.appId = a.id AND x.id = u.id))
SELECT q.id FROM okta.group.groups q WHERE EXISTS (SELECT 1 FROM okta.user.users WHERE q.id = profile.nickName)
SELECT id FROM okta.user.users ORDER BY id LIMIT (SELECT count(*) FROM okta.application.apps)`,
  'what feeds a parameter': `
SELECT f.id FROM okta.userfactor.factors f WHERE f.userId = '{user 5}'
SELECT f.id FROM okta.userfactor.factors f WHERE f.userId IN ('{user 5}', '{user 8}', 'nobody', NULL)
SELECT f.id FROM okta.userfactor.factors f WHERE f.userId IN ['{user 5}']
SELECT f.id FROM okta.userfactor.factors f WHERE f.userId = ANY (['{user 5}', 'x'])
SELECT f.id FROM okta.userfactor.factors f WHERE list_contains(['{user 5}'], f.userId)
SELECT f.id FROM okta.userfactor.factors f WHERE f.userId = NULL
SELECT f.id FROM okta.userfactor.factors f WHERE f.userId = CAST('{user 5}' AS VARCHAR) AND f.userId <> ''
SELECT f.id FROM okta.userfactor.factors f WHERE f.userId BETWEEN '{user 5}' AND '{user 5}'
SELECT f.id FROM okta.userfactor.factors f WHERE f.userId || '' = '{user 5}'
SELECT f.id FROM okta.userfactor.factors f WHERE f.userId = '{user 5}' OR f.status = 'ACTIVE'
SELECT f.id FROM okta.userfactor.factors f WHERE '{user 5}' = f.userId OR f.userId = '{user 8}' OR f.userId IN ('{user 2}')
SELECT f.id FROM okta.userfactor.factors f WHERE f.userId IN (SELECT unnest(['{user 5}', 'b']))
SELECT f.id FROM okta.userfactor.factors f, unnest(['{user 5}', 'b']) t(k) WHERE f.userId = t.k
SELECT v.x, m.id FROM (VALUES ('{group 1}'), ('b')) v(x) LEFT JOIN okta.group.users m ON m.groupId = v.x
WITH a AS (SELECT id FROM okta.user.users WHERE status = 'ACTIVE') SELECT f.id FROM a JOIN okta.userfactor.factors f ON f.userId = a.id
WITH a AS MATERIALIZED (SELECT id FROM okta.user.users WHERE status = 'ACTIVE') SELECT f.id FROM a JOIN okta.userfactor.factors f ON f.userId = a.id
WITH a AS NOT MATERIALIZED (SELECT id FROM okta.user.users WHERE status = 'ACTIVE') SELECT a.id, f.id FROM a LEFT JOIN okta.userfactor.factors f ON f.userId = a.id
WITH a AS (VALUES ('{user 5}'), ('zz')) SELECT f.id FROM okta.userfactor.factors f WHERE f.userId IN (FROM a)
WITH g AS (SELECT id FROM okta.group.groups WHERE profile.name LIKE 'A%'), m AS (SELECT groupId, id FROM okta.group.users WHERE groupId IN (FROM g)) SELECT g.id, count(m.id) FROM g LEFT JOIN m ON m.groupId = g.id GROUP BY ALL
WITH c AS MATERIALIZED (SELECT q.groupId, q.id FROM okta.group.users q WHERE q.groupId IN (SELECT id FROM okta.group.groups)) SELECT r.id, f.id FROM okta.policy.policies p JOIN LATERAL (SELECT u.id FROM okta.user.users u WHERE u.profile.nickName IN (SELECT groupId FROM c)) r ON true LEFT JOIN okta.userfactor.factors f ON f.userId = r.id
WITH RECURSIVE r AS (SELECT id, 0 AS depth FROM okta.group.groups WHERE profile.name = 'Alpha' UNION SELECT m.id, depth + 1 FROM r JOIN okta.group.users m ON m.groupId = r.id) SELECT * FROM r
WITH RECURSIVE r(n) AS (SELECT 0 UNION ALL SELECT n + 7 FROM r WHERE n < 50) SELECT u.id, n FROM okta.user.users u JOIN r ON u.profile.employeeNumber = n::VARCHAR
SELECT g.id, x.n FROM okta.group.groups g, LATERAL (SELECT count(*) AS n FROM okta.group.users m WHERE m.groupId = g.id) x
SELECT g.id, l.id FROM okta.group.groups g LEFT JOIN LATERAL (SELECT m.id FROM okta.group.users m WHERE m.groupId = g.id ORDER BY m.id LIMIT 1) l ON true
SELECT x.id FROM okta.group.groups g, LATERAL (SELECT u.id FROM okta.group.users u WHERE u.groupId = g.id UNION SELECT a.id FROM okta.user.users a WHERE a.profile.nickName = g.id) x
SELECT x.a FROM (SELECT id AS a FROM okta.user.users) x WHERE EXISTS (SELECT 1 FROM (SELECT 'ACTIVE' AS st, x.a AS k) y, okta.userfactor.factors f WHERE f.userId = y.k AND f.status = y.st)
SELECT s.i, f.id FROM generate_series(1, 3) s(i) LEFT JOIN okta.userfactor.factors f ON f.userId = left('{user 5}', 20 - s.i % 2)
SELECT s.i, u.id FROM generate_series(0, 20, 7) s(i) JOIN okta.user.users u ON u.profile.employeeNumber = s.i::VARCHAR
SELECT id FROM okta.group.users WHERE groupId IN (SELECT id FROM okta.group.groups EXCEPT SELECT profile.nickName FROM okta.user.users)
SELECT u.id, f.factorType FROM okta.user.users u, okta.userfactor.factors f WHERE (f.userId, f.status) = (u.id, 'ACTIVE')
SELECT m.id, n.id FROM okta.group.users m JOIN okta.user.groups n ON m.groupId = n.id AND n.userId = m.id
SELECT u.id, m.id FROM okta.user.users u LEFT JOIN okta.group.groups g ON g.id = u.profile.nickName JOIN okta.group.users m ON m.groupId = coalesce(g.id, (SELECT min(id) FROM okta.group.groups WHERE profile.name = 'Beta'))
SELECT u.id, r.type FROM okta.user.users u JOIN okta.user.roles r ON r.userId = u.id
SELECT u.id FROM okta.user.users u WHERE NOT EXISTS (SELECT 1 FROM okta.user.roles r WHERE r.userId = u.id)`,
  'parts whose answer could differ when they are evaluated again': `
SELECT x.id, f.id FROM (SELECT id FROM okta.user.users ORDER BY status LIMIT 5) x JOIN okta.userfactor.factors f ON f.userId = x.id
WITH x AS (SELECT id FROM okta.user.users ORDER BY id LIMIT 5) SELECT x.id, f.id FROM x LEFT JOIN okta.userfactor.factors f ON f.userId = x.id
WITH x AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM okta.user.users) SELECT x.id, f.id FROM x LEFT JOIN okta.userfactor.factors f ON f.userId = x.id WHERE x.n < 6
SELECT f.id FROM okta.userfactor.factors f WHERE f.userId IN (SELECT id FROM okta.user.users ORDER BY id LIMIT 5)
SELECT f.id FROM okta.userfactor.factors f WHERE f.userId = (SELECT id FROM okta.user.users WHERE status = 'ACTIVE' ORDER BY id DESC LIMIT 1)
SELECT g.id, l.id, f.id FROM okta.group.groups g JOIN LATERAL (SELECT m.id FROM okta.group.users m WHERE m.groupId = g.id ORDER BY m.id LIMIT 1) l ON true JOIN okta.userfactor.factors f ON f.userId = l.id
SELECT g.id, f.id FROM okta.group.groups g JOIN okta.userfactor.factors f ON f.userId = (SELECT m.id FROM okta.group.users m WHERE m.groupId = g.id ORDER BY m.id LIMIT 1)
WITH a AS (SELECT id FROM okta.user.users ORDER BY id LIMIT 5), b AS (SELECT id FROM a ORDER BY id DESC LIMIT 3) SELECT b.id, f.id FROM b JOIN okta.userfactor.factors f ON f.userId = b.id WHERE b.id IN (FROM a)
SELECT f.id FROM (SELECT unnest(list(id)) AS k FROM okta.user.users) x JOIN okta.userfactor.factors f ON f.userId = x.k
SELECT f.id FROM (SELECT id, id, status FROM okta.user.users ORDER BY id LIMIT 5) x JOIN okta.userfactor.factors f ON f.userId = x.id
SELECT u.id FROM okta.user.users u JOIN okta.userfactor.factors f ON f.userId = u.id WHERE EXISTS (SELECT 1 FROM okta.group.users m WHERE m.groupId = u.profile.nickName LIMIT 1)
SELECT (SELECT f.id FROM okta.userfactor.factors f WHERE f.userId = u.id ORDER BY f.id LIMIT 1) FROM (SELECT id FROM okta.user.users ORDER BY id DESC LIMIT 3) u`,
  'sets, groups and windows': `
SELECT id FROM okta.user.users UNION SELECT id FROM okta.group.groups
SELECT id FROM okta.user.users EXCEPT SELECT m.id FROM okta.group.groups g JOIN okta.group.users m ON m.groupId = g.id WHERE g.type = 'OKTA_GROUP'
SELECT id FROM okta.user.users INTERSECT SELECT m.id FROM okta.group.groups g JOIN okta.group.users m ON m.groupId = g.id
SELECT m.id FROM okta.group.groups g JOIN okta.group.users m ON m.groupId = g.id EXCEPT ALL SELECT id FROM okta.user.users
SELECT id FROM okta.user.users UNION ALL BY NAME SELECT id, type FROM okta.group.groups
(SELECT id FROM okta.user.users ORDER BY id LIMIT 2) UNION ALL (SELECT id FROM okta.group.groups ORDER BY id LIMIT 2)
SELECT u.status, u.id FROM okta.user.users u QUALIFY row_number() OVER (PARTITION BY u.status ORDER BY u.created) = 1
SELECT status, n, sum(n) OVER (ORDER BY status) FROM (SELECT status, count(*) AS n FROM okta.user.users GROUP BY ALL)
SELECT status, profile.department AS d, count(*) FROM okta.user.users GROUP BY GROUPING SETS ((status, profile.department), (status), ())
SELECT status, profile.department AS d, count(*) FROM okta.user.users GROUP BY ROLLUP (status, d)
SELECT status, profile.department AS d, count(*), GROUPING(status) FROM okta.user.users GROUP BY CUBE (status, d)
FROM okta.user.users u JOIN okta.userfactor.factors f ON f.userId = u.id SELECT u.status, list(f.factorType ORDER BY f.factorType) GROUP BY ALL ORDER BY ALL
SELECT DISTINCT ON (u.status) u.status, f.id FROM okta.user.users u LEFT JOIN okta.userfactor.factors f ON f.userId = u.id ORDER BY u.status, f.id
PIVOT (SELECT status, profile.firstName AS f FROM okta.user.users) ON status IN ('ACTIVE', 'STAGED') USING count(*) GROUP BY f
UNPIVOT (SELECT id, profile.login AS l, profile.email AS e FROM okta.user.users) ON l, e INTO NAME k VALUE v`,
  'select lists and limits': `
FROM okta.user.users SELECT id WHERE status = 'ACTIVE'
SELECT id, status = 'ACTIVE' AS is_active, profile.firstName AS f FROM okta.user.users WHERE is_active AND f LIKE 'A%'
SELECT g.id, (SELECT count(*) FROM okta.group.users m WHERE m.groupId = g.id) AS n FROM okta.group.groups g WHERE g.type = 'OKTA_GROUP' AND n > 2
SELECT x.p.firstName FROM (SELECT status, any_value(profile ORDER BY id) AS p FROM okta.user.users GROUP BY status) x WHERE x.p.firstName LIKE '%n'
SELECT x.id FROM (SELECT id, CASE WHEN status = 'ACTIVE' THEN profile END AS p FROM okta.user.users) x WHERE x.p.department = 'Sales'
FROM (SELECT id, status FROM okta.user.users) SELECT * EXCLUDE (status)
SELECT id FROM (SELECT * FROM okta.user.users) WHERE profile.lastName >= 'L2' AND profile.department = 'Sales'
SELECT profile.lastName, count(*) FROM (FROM okta.user.users) GROUP BY 1
SELECT count(*) FROM (SELECT id, profile FROM okta.user.users) JOIN (SELECT id AS i, profile AS p FROM okta.group.groups) ON profile.nickName = i WHERE p.name LIKE 'A%'
SELECT id FROM okta.userfactor.factors f JOIN (SELECT id AS u, profile FROM okta.user.users) ON f.userId = u AND profile.firstName = 'Ann'
SELECT * EXCLUDE (status, created, id) FROM (SELECT status, id, profile.login AS l, created FROM okta.user.users)
SELECT d.id FROM (SELECT u.* FROM okta.user.users u WHERE u.profile.firstName = 'Ann' AND u.profile.department = 'Sales') d
SELECT * REPLACE (lower(status) AS status) FROM (SELECT id, status FROM okta.user.users)
SELECT COLUMNS('id|status') FROM (SELECT id, status, created FROM okta.user.users)
SELECT min(COLUMNS(*)) FROM (SELECT id, status FROM okta.user.users)
SELECT list_transform([u.status], x -> lower(x)) FROM okta.user.users u
SELECT [lower(x) FOR x IN [u.status, u.id] IF x <> 'ACTIVE'] FROM okta.user.users u
SELECT u FROM (SELECT id, status FROM okta.user.users) u
SELECT row(u.id, u.status), {'a': u.id}, struct_pack(s := u.status) FROM okta.user.users u
SELECT g.id, array(SELECT m.id FROM okta.group.users m WHERE m.groupId = g.id ORDER BY 1) FROM okta.group.groups g
SELECT u.id, x.value FROM okta.user.users u, LATERAL (SELECT unnest([u.status, u.profile.firstName]) AS value) x
SELECT u.id FROM (SELECT id, status FROM okta.user.users) u WHERE u.status = 'ACTIVE' ORDER BY ALL
SELECT id FROM okta.user.users ORDER BY id LIMIT 50%
SELECT id FROM okta.user.users ORDER BY id LIMIT 3 OFFSET 2
SELECT id FROM okta.user.users ORDER BY id OFFSET 10
SELECT a.label, a.visibility.autoSubmitToolbar FROM okta.application.apps a WHERE NOT a.visibility.autoSubmitToolbar
SELECT p.name, p.settings.password.complexity.minLength AS m FROM okta.policy.policies p WHERE p.type = 'PASSWORD' AND p.settings.password.complexity.minLength > 5
SELECT name FROM okta.policy.policies WHERE status = 'NO SUCH STATUS' OR status NOT IN ('ACTIVE', 'nor this')`,
};
