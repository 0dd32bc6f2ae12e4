/** The tasks' questions in other words: by number, statements with the same answer and the same price. */
export const PARAPHRASES: Readonly<Record<string, readonly string[]>> = {
  3: [
    `SELECT u.id, u.profile->>'login', u.lastLogin, u.created FROM okta.user.users AS u WHERE u.created + INTERVAL 90 DAY < now() AND u.status = 'ACTIVE' AND COALESCE(u.lastLogin, TIMESTAMPTZ '1970-01-01 00:00:00+00') < now() - INTERVAL 90 DAY`,
    `WITH u AS (SELECT id, profile, lastLogin, created, status FROM okta.user.users) SELECT id, profile.login, lastLogin, created FROM u WHERE status = 'ACTIVE' AND created < now() - INTERVAL '90 days' AND (lastLogin < now() - INTERVAL '90 days' OR lastLogin IS NULL)`,
    `SELECT id, profile.login, lastLogin, created FROM okta.user.users WHERE status = 'ACTIVE' AND now() - created > INTERVAL '90' DAY AND (lastLogin IS NULL OR now() - lastLogin > INTERVAL '90' DAY)`,
    `SELECT id, profile.login, lastLogin, created FROM okta.user.users WHERE status = 'ACTIVE' AND julianday('now') - julianday(created) > 90 AND (lastLogin IS NULL OR julianday('now') - julianday(lastLogin) > 90)`,
    `WITH cutoff AS (SELECT now() - INTERVAL 90 DAY AS t) SELECT u.id, u.profile.login, u.lastLogin, u.created FROM okta.user.users u, cutoff WHERE u.status = 'ACTIVE' AND u.created < cutoff.t AND (u.lastLogin IS NULL OR u.lastLogin < cutoff.t)`,
    `SELECT id, profile.login, lastLogin, created FROM okta.user.users WHERE status = 'ACTIVE' AND created < now() - INTERVAL 90 DAY AND lastLogin IS NULL UNION ALL SELECT id, profile.login, lastLogin, created FROM okta.user.users WHERE status = 'ACTIVE' AND created < now() - INTERVAL 90 DAY AND lastLogin < now() - INTERVAL 90 DAY`,
    `SELECT id, profile.login, lastLogin, created FROM okta.user.users WHERE upper(status) = 'ACTIVE' AND created < now() - INTERVAL 90 DAY AND CASE WHEN lastLogin IS NULL THEN true ELSE lastLogin < now() - INTERVAL 90 DAY END`,
    `WITH u AS (SELECT id, status, profile.login AS login, lastLogin, created FROM okta.user.users) SELECT id, login, lastLogin, created FROM u WHERE CASE status WHEN 'ACTIVE' THEN 'on' WHEN 'DEPROVISIONED' THEN 'off' ELSE 'between' END = 'on' AND created < now() - INTERVAL 90 DAY AND coalesce(lastLogin < now() - INTERVAL 90 DAY, true)`,
    `SELECT id, profile.login, lastLogin, created FROM okta.user.users WHERE status = 'ACTIVE' AND CAST(strftime('%s', created) AS INTEGER) < CAST(strftime('%s', 'now', '-90 days') AS INTEGER) AND (lastLogin IS NULL OR extract(epoch FROM now() - lastLogin) > 90 * 86400)`,
    `SELECT id, profile.login, lastLogin, created FROM okta.user.users WHERE status = 'ACTIVE' AND strftime('%Y-%m-%dT%H:%M:%SZ', created) < strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-90 days') AND (lastLogin IS NULL OR strftime('%Y-%m-%dT%H:%M:%SZ', lastLogin) < strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-90 days'))`,
  ],
  4: [
    `SELECT id, status, created, activated FROM okta.user.users WHERE (status = 'STAGED' OR 'PROVISIONED' = status) AND now() > created + INTERVAL '14 days'`,
    `SELECT id, status, created, activated FROM okta.user.users WHERE status = ANY(['STAGED','PROVISIONED']) AND created < current_timestamp - INTERVAL 2 WEEK`,
    `SELECT u.id, u.status, created, activated FROM okta.user.users u JOIN (VALUES ('STAGED'),('PROVISIONED')) v(s) ON u.status = v.s WHERE created < datetime('now','-14 days')`,
    `SELECT id, status, created, activated FROM okta.user.users WHERE status = 'STAGED' AND created < now() - INTERVAL 14 DAY UNION SELECT id, status, created, activated FROM okta.user.users WHERE status = 'PROVISIONED' AND created < now() - INTERVAL 14 DAY`,
    `WITH w(s) AS (VALUES ('STAGED'), ('PROVISIONED')) SELECT id, status, created, activated FROM okta.user.users u WHERE EXISTS (SELECT 1 FROM w WHERE w.s = u.status) AND created < now() - INTERVAL 14 DAY`,
    `SELECT id, status, created, activated FROM okta.user.users WHERE lower(status) IN ('staged', 'provisioned') AND created < now() - INTERVAL 14 DAY`,
    `SELECT id, status, created, activated FROM okta.user.users WHERE CASE WHEN status = 'STAGED' OR status = 'PROVISIONED' THEN 'invited' ELSE 'other' END = 'invited' AND created < now() - INTERVAL 14 DAY`,
  ],
  6: [
    `SELECT s.status, (SELECT count(*) FROM okta.user.users u WHERE u.status = s.status) FROM (SELECT DISTINCT status FROM okta.user.users) s`,
    `SELECT status, n FROM (SELECT status, count(*) n FROM okta.user.users WHERE status <> 'DEPROVISIONED' GROUP BY 1 UNION ALL SELECT status, count(*) FROM okta.user.users WHERE status = 'DEPROVISIONED' GROUP BY 1)`,
  ],
  7: [
    `SELECT id, login, statusChanged FROM (SELECT id, profile.login AS login, statusChanged, status FROM okta.user.users WHERE status = 'DEPROVISIONED') d WHERE statusChanged < now() - INTERVAL 365 DAY`,
    `SELECT id, profile.login, statusChanged FROM okta.user.users WHERE status = 'DEPROVISIONED' AND statusChanged + INTERVAL 365 DAY < current_timestamp`,
    `SELECT id, profile.login, statusChanged FROM okta.user.users u WHERE status NOT IN ('ACTIVE','STAGED','PROVISIONED','RECOVERY','PASSWORD_EXPIRED','LOCKED_OUT','SUSPENDED') AND statusChanged < '2025-03-01 12:00:00+00'`,
    `SELECT id, profile.login, statusChanged FROM okta.user.users WHERE status LIKE 'DEPROV%' AND statusChanged < now() - INTERVAL 365 DAY`,
  ],
  9: [
    `SELECT u.id, u.profile.login, r.type, r.label, r.assignmentType, u.status, u.lastLogin FROM okta.user.users u JOIN okta.user.roles r ON r.userId = u.id`,
    `WITH admins AS (SELECT id FROM okta.iam.assignees), people AS (SELECT id, profile.login AS login, status, lastLogin FROM okta.user.users) SELECT p.id, p.login, r.type, r.label, r.assignmentType, p.status, p.lastLogin FROM admins JOIN people p USING (id) JOIN okta.user.roles r ON r.userId = admins.id`,
    `SELECT a.id, u.profile.login, r.type, r.label, r.assignmentType, u.status, u.lastLogin FROM okta.iam.assignees a LEFT JOIN okta.user.users u ON u.id = a.id LEFT JOIN okta.user.roles r ON r.userId = u.id WHERE r.id IS NOT NULL`,
  ],
  10: [
    `WITH supers AS (SELECT DISTINCT userId AS id FROM okta.user.roles WHERE type = 'SUPER_ADMIN'), counts AS (SELECT s.id, (SELECT count(*) FROM okta.userfactor.factors f WHERE f.userId = s.id AND f.status = 'ACTIVE' AND f.factorType IN ('webauthn','u2f','signed_nonce')) AS strong, count(*) OVER () AS n FROM supers s) SELECT * FROM counts WHERE strong = 0 OR n > 10`,
    `WITH supers AS (SELECT a.id FROM okta.iam.assignees a WHERE EXISTS (SELECT 1 FROM okta.user.roles r WHERE r.userId = a.id AND r.type = 'SUPER_ADMIN')) SELECT s.id, 0 AS strong, (SELECT count(*) FROM supers) FROM supers s WHERE NOT EXISTS (SELECT 1 FROM okta.userfactor.factors f WHERE f.userId = s.id AND f.status = 'ACTIVE' AND f.factorType IN ('webauthn','u2f','signed_nonce'))`,
    `SELECT s.id, 0, (SELECT count(DISTINCT userId) FROM okta.user.roles WHERE type = 'SUPER_ADMIN' AND userId IN (SELECT id FROM okta.iam.assignees)) FROM okta.iam.assignees s SEMI JOIN (SELECT userId FROM okta.user.roles WHERE type = 'SUPER_ADMIN') r ON r.userId = s.id ANTI JOIN okta.userfactor.factors f ON f.userId = s.id AND f.status = 'ACTIVE' AND f.factorType IN ('webauthn','u2f','signed_nonce')`,
  ],
  12: [
    `SELECT t.id, t.name, t.clientName, t.created, t.lastUpdated, t.expiresAt, t.network.connection, u.profile.login, u.status, (SELECT string_agg(r.type, ',' ORDER BY r.type) FROM okta.user.roles r WHERE r.userId = t.userId) FROM okta.apitoken.tokens t LEFT JOIN okta.user.users u ON t.userId = u.id`,
    `WITH roles AS (SELECT userId, group_concat(type, ',' ORDER BY type) AS roles FROM okta.user.roles GROUP BY userId) SELECT t.id, t.name, t.clientName, t.created, t.lastUpdated, t.expiresAt, t.network->>'connection', u.profile->>'login', u.status, roles.roles FROM okta.apitoken.tokens t LEFT JOIN okta.user.users u ON u.id = t.userId LEFT JOIN roles ON roles.userId = t.userId`,
    `SELECT t.id, t.name, t.clientName, t.created, t.lastUpdated, t.expiresAt, t.network.connection, (SELECT u.profile.login FROM okta.user.users u WHERE u.id = t.userId), (SELECT status FROM okta.user.users WHERE id = t.userId), (SELECT group_concat(type, ',' ORDER BY type) FROM okta.user.roles WHERE userId = t.userId) FROM okta.apitoken.tokens t`,
  ],
  13: [
    `SELECT a.id, a.label, g.scopeId, g.created FROM okta.application.grants g, okta.application.apps a WHERE a.id = g.appId AND g.scopeId ~ '^okta\\..*\\.manage$' AND a.status = 'ACTIVE' AND a.signOnMode IN ('OPENID_CONNECT') AND a.settings->'oauthClient'->>'application_type' = 'service'`,
    `WITH svc AS (SELECT id, label FROM okta.application.apps WHERE status = 'ACTIVE' AND signOnMode = 'OPENID_CONNECT' AND json_extract(settings, '$.oauthClient.application_type') = 'service') SELECT svc.id, svc.label, g.scopeId, g.created FROM svc JOIN okta.application.grants g ON g.appId = svc.id AND g.scopeId LIKE 'okta.%' AND g.scopeId LIKE '%.manage'`,
  ],
  14: [
    `SELECT g.id, g.profile.name FROM okta.group.groups g ANTI JOIN (SELECT unnest(from_json(r.actions->'$.assignUserToGroups.groupIds', '["VARCHAR"]')) AS gid FROM okta.group.rules r) t ON t.gid = g.id WHERE g.type = 'OKTA_GROUP' AND g.expand = 'stats' AND (g._embedded.stats.usersCount)::INT = 0 AND (g._embedded->'stats'->>'appsCount')::INT = 0`,
    `WITH t AS (SELECT j.value AS gid FROM okta.group.rules r, json_each(r.actions.assignUserToGroups.groupIds) j), g AS (SELECT id, profile.name AS name, type, _embedded.stats.usersCount AS users, _embedded.stats.appsCount AS apps FROM okta.group.groups WHERE expand = 'stats') SELECT id, name FROM g WHERE type = 'OKTA_GROUP' AND users = 0 AND apps = 0 AND NOT EXISTS (SELECT 1 FROM t WHERE t.gid = g.id)`,
  ],
  16: [
    `WITH t AS (SELECT r.id, r.name, r.status, unnest(from_json(r.actions->'$.assignUserToGroups.groupIds', '["VARCHAR"]')) AS gid, r.conditions.expression.value AS expr, json_array_length(r.conditions->'$.people.users.exclude') AS excluded FROM okta.group.rules r) SELECT t.* FROM t WHERE t.status <> 'ACTIVE' OR t.excluded > 80 OR t.gid NOT IN (SELECT id FROM okta.group.groups)`,
    `WITH t AS (SELECT r.id, r.name, r.status, j.value AS gid, r.conditions.expression.value AS expr, json_array_length(r.conditions, '$.people.users.exclude') AS excluded FROM okta.group.rules r, LATERAL json_each(r.actions.assignUserToGroups.groupIds) j) SELECT t.* FROM t WHERE t.status <> 'ACTIVE' OR t.excluded > 80 OR NOT EXISTS (SELECT 1 FROM okta.group.groups g WHERE g.id = t.gid)`,
  ],
  17: [
    `SELECT u.id, u.profile.login FROM okta.user.users u LEFT JOIN okta.group.users m ON m.id = u.id AND m.groupId = '00gSALES000000000001' WHERE m.id IS NULL AND u.status = 'ACTIVE' AND json_extract(u.profile, '$.department') = 'Sales'`,
    `SELECT u.id, u.profile.login FROM okta.user.users u WHERE NOT EXISTS (SELECT 1 FROM okta.group.users m WHERE m.groupId = '00gSALES000000000001' AND m.id = u.id) AND u.status = 'ACTIVE' AND u.profile.department LIKE 'Sales'`,
    `WITH u AS (SELECT id, profile.login AS login, profile.department AS dept, status FROM okta.user.users), m AS (SELECT id, groupId FROM okta.group.users) SELECT u.id, u.login FROM u WHERE u.dept = 'Sales' AND u.status = 'ACTIVE' AND u.id NOT IN (SELECT id FROM m WHERE groupId = '00gSALES000000000001')`,
    `SELECT u.id, u.profile.login FROM okta.user.users u WHERE (u.status, u.profile.department) = ('ACTIVE', 'Sales') AND u.id NOT IN (SELECT userId FROM okta.group.users WHERE groupId = '00gSALES000000000001')`,
  ],
  18: [
    `WITH g AS (SELECT id, profile.name AS name FROM okta.group.groups WHERE type = 'OKTA_GROUP'), o AS (SELECT g.id AS gid, o.id AS oid FROM g JOIN okta.group.owners o ON o.groupId = g.id) SELECT g.id, g.name, o.oid, u.status FROM g LEFT JOIN o ON o.gid = g.id LEFT JOIN okta.user.users u ON u.id = o.oid AND u.status = 'DEPROVISIONED' WHERE o.oid IS NULL OR u.id IS NOT NULL`,
  ],
  20: [
    `SELECT a.id, a.label, a.signOnMode FROM okta.group.apps a WHERE a.groupId = (SELECT id FROM okta.group.groups WHERE type = 'BUILT_IN' AND profile.name = 'Everyone')`,
    `SELECT a.id, a.label, a.signOnMode FROM okta.group.apps a WHERE EXISTS (SELECT 1 FROM okta.group.groups g WHERE g.id = a.groupId AND g.type = 'BUILT_IN' AND g.profile.name = 'Everyone')`,
  ],
  21: [
    `SELECT a.label, d.n FROM okta.application.apps a JOIN (SELECT appId, count(*) AS n FROM okta.application.users WHERE scope = 'USER' GROUP BY appId) d ON d.appId = a.id WHERE a.status = 'ACTIVE'`,
  ],
  22: [
    `SELECT x.id, u.profile->>'login', x.scope, g.profile->>'name', t.name FROM okta.user.users u JOIN okta.application.users x ON x.id = u.id AND x.appId = '0oaX0000000000000001' LEFT JOIN (okta.application.groups ag JOIN okta.group.users m ON m.groupId = ag.id JOIN okta.group.groups g ON g.id = ag.id) ON ag.appId = x.appId AND x.scope = 'GROUP' AND m.id = x.id LEFT JOIN (SELECT r.name, j.value AS groupId FROM okta.group.rules r, json_each(r.actions.assignUserToGroups.groupIds) j WHERE r.status = 'ACTIVE') t ON t.groupId = g.id WHERE x.scope = 'USER' OR m.id IS NOT NULL`,
    `WITH x AS (SELECT * FROM okta.application.users WHERE appId = '0oaX0000000000000001'), t AS (SELECT r.name, unnest(from_json(r.actions->'$.assignUserToGroups.groupIds', '["VARCHAR"]')) AS groupId FROM okta.group.rules r WHERE r.status = 'ACTIVE') SELECT x.id, u.profile.login, x.scope, g.profile.name, t.name FROM x JOIN okta.user.users u ON u.id = x.id LEFT JOIN okta.application.groups ag ON ag.appId = '0oaX0000000000000001' AND x.scope = 'GROUP' LEFT JOIN okta.group.users m ON m.groupId = ag.id AND m.id = x.id LEFT JOIN okta.group.groups g ON g.id = m.groupId LEFT JOIN t ON t.groupId = g.id WHERE x.scope = 'USER' OR m.id IS NOT NULL`,
  ],
  24: [
    `SELECT signOnMode, count(*), string_agg(label, '; ' ORDER BY label) FROM (SELECT * FROM okta.application.apps WHERE status = 'ACTIVE') a WHERE NOT signOnMode IN ('SAML_2_0','OPENID_CONNECT','BOOKMARK') GROUP BY 1`,
    `WITH modern(m) AS (VALUES ('SAML_2_0'),('OPENID_CONNECT'),('BOOKMARK')) SELECT a.signOnMode, count(*), listagg(a.label, '; ' ORDER BY a.label) FROM okta.application.apps a ANTI JOIN modern ON m = a.signOnMode WHERE a.status = 'ACTIVE' GROUP BY ALL`,
  ],
  25: [
    `WITH saml AS (SELECT id, label, credentials.signing.kid AS kid FROM okta.application.apps WHERE signOnMode = 'SAML_2_0') SELECT saml.label, k.kid, k.expiresAt FROM saml JOIN okta.application.keys k ON (k.appId, k.kid) = (saml.id, saml.kid) WHERE k.expiresAt < datetime('now', '+60 days')`,
    `SELECT (SELECT label FROM okta.application.apps a WHERE a.id = k.appId), k.kid, k.expiresAt FROM okta.application.keys k WHERE EXISTS (SELECT 1 FROM okta.application.apps a WHERE a.id = k.appId AND a.signOnMode = 'SAML_2_0' AND a.credentials.signing.kid = k.kid) AND k.expiresAt < now() + INTERVAL 60 DAY`,
  ],
  28: [
    `WITH p AS (SELECT name, type, priority, status, settings.password.complexity.minLength::INT AS a, settings.password.age.maxAgeDays AS b, settings->'password'->'age'->>'historyCount' AS c, settings['password']['lockout']['maxAttempts']::INT AS d FROM okta.policy.policies) SELECT name, priority, status, a, b, c::INT, d FROM p WHERE type = 'PASSWORD' AND status = 'ACTIVE' AND NOT coalesce(a >= 15 AND b >= 1 AND b <= 60 AND d BETWEEN 1 AND 3, false)`,
    `SELECT name, priority, status, settings.password.complexity.minLength::INT, settings.password.age.maxAgeDays::INT, settings.password.age.historyCount::INT, settings.password.lockout.maxAttempts::INT FROM okta.policy.policies WHERE upper(type) = 'PASSWORD' AND status = 'ACTIVE' AND (settings.password.complexity.minLength::INT >= 15 AND settings.password.age.maxAgeDays::INT BETWEEN 1 AND 60 AND settings.password.lockout.maxAttempts::INT BETWEEN 1 AND 3) IS NOT TRUE`,
  ],
  30: [
    `SELECT p.name, r.name, a.label FROM okta.policy.rules r JOIN okta.policy.policies p ON p.id = r.policyId AND p.type = 'ACCESS_POLICY' AND p.status = 'ACTIVE' LEFT JOIN okta.application.apps a ON split_part(a._links.accessPolicy.href, '/', -1) = p.id WHERE r.status = 'ACTIVE' AND json_extract(r.actions,'$.appSignOn.access') = 'ALLOW' AND r.actions->'appSignOn'->'verificationMethod'->>'factorMode' = '1FA'`,
    `WITH weak AS (SELECT policyId, name FROM okta.policy.rules WHERE status = 'ACTIVE' AND actions.appSignOn.access = 'ALLOW' AND actions.appSignOn.verificationMethod.factorMode = '1FA'), pol AS (SELECT id, name FROM okta.policy.policies WHERE type = 'ACCESS_POLICY' AND status = 'ACTIVE') SELECT pol.name, weak.name, a.label FROM pol JOIN weak ON weak.policyId = pol.id LEFT JOIN okta.application.apps a ON ends_with(a._links.accessPolicy.href, pol.id)`,
  ],
  33: [
    `WITH e AS (SELECT actor->>'alternateId' AS who, client->>'ipAddress' AS ip, outcome->>'result' AS r, published FROM okta.log.logs) SELECT who, ip, r, count(*) FROM e WHERE published > current_timestamp - INTERVAL 1 DAY AND r IN ('FAILURE','DENY') GROUP BY who, ip, r HAVING count(*) > 9`,
    `SELECT actor.alternateId, client.ipAddress, outcome.result, count(*) AS n FROM okta.log.logs WHERE date_diff('minute', published, now()) <= 1440 AND now() - published <= INTERVAL 1 DAY AND outcome.result = ANY(['FAILURE','DENY']) GROUP BY ALL HAVING count(*) >= 10`,
    `SELECT actor.alternateId, client.ipAddress, upper(outcome.result), count(*) FROM okta.log.logs WHERE since = datetime('now', '-1 day') AND lower(outcome.result) IN ('failure', 'deny') GROUP BY ALL HAVING count(*) >= 10`,
  ],
  35: [
    `WITH e AS (SELECT actor->>'id' AS uid, published, eventType, outcome->>'result' AS r, client.geographicalContext.country AS country FROM okta.log.logs WHERE since = now() - INTERVAL 7 DAY), push AS (SELECT * FROM e WHERE eventType = 'user.mfa.okta_verify.deny_push'), s AS (SELECT * FROM e WHERE eventType = 'user.session.start' AND r = 'SUCCESS'), firsts AS (SELECT uid, country, min(published) AS f, count(*) AS n FROM s GROUP BY uid, country) SELECT uid, 'push fatigue', min(published), count(*) FROM push WHERE published >= now() - INTERVAL 24 HOUR GROUP BY uid HAVING count(*) >= 3 UNION ALL SELECT a.uid, 'new country: ' || a.country, a.f, a.n FROM firsts a WHERE a.f > (SELECT min(f) FROM firsts b WHERE b.uid = a.uid)`,
  ],
  36: [
    `SELECT published, eventType, outcome.result, client.ipAddress, client.geographicalContext.country FROM okta.log.logs WHERE published > now() - INTERVAL 7 DAY AND '00uX0000000000000001' IN (actor.id, target->0->>'id')`,
    `WITH who AS (SELECT '00uX0000000000000001' AS id) SELECT published, eventType, outcome.result, client.ipAddress, client.geographicalContext.country FROM okta.log.logs, who WHERE published >= now() - INTERVAL 7 DAY AND (actor.id = who.id OR target[0].id = who.id)`,
    `SELECT published, eventType, outcome.result, client.ipAddress, client.geographicalContext.country FROM okta.log.logs WHERE NOT (published < now() - INTERVAL 7 DAY) AND NOT (actor.id <> '00uX0000000000000001' AND target[0].id IS DISTINCT FROM '00uX0000000000000001')`,
  ],
  45: [
    `SELECT json_extract(profile,'$.department'), count(*) FROM okta.user.users WHERE NOT status = 'DEPROVISIONED' AND json_extract(profile,'$.userType') = 'Contractor' AND coalesce(lastLogin < datetime('now','-60 days'), true) GROUP BY 1`,
    `WITH c AS (SELECT profile.department AS d, status, lastLogin FROM okta.user.users WHERE profile.userType = 'Contractor') SELECT d, count(*) FROM c WHERE status NOT IN ('DEPROVISIONED') AND (lastLogin IS NULL OR lastLogin + INTERVAL 60 DAY < now()) GROUP BY d`,
    `SELECT profile.department, count(*) FROM okta.user.users WHERE status IS DISTINCT FROM 'DEPROVISIONED' AND profile.userType = 'Contractor' AND (lastLogin IS NULL OR lastLogin < now() - INTERVAL 60 DAY) GROUP BY 1`,
    `SELECT profile.department, count(*) FROM okta.user.users WHERE CASE status WHEN 'DEPROVISIONED' THEN 'gone' ELSE 'here' END = 'here' AND profile.userType = 'Contractor' AND (lastLogin IS NULL OR lastLogin < now() - INTERVAL 60 DAY) GROUP BY ALL`,
  ],
};
