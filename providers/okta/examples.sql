-- Examples for the pages of the documentation, run in this order on a demo org when the pages are built.

-- # okta.session.sessions
-- ## Who is signed in with it, and how
SELECT id, login, status, expiresAt, amr
FROM okta.session.sessions
WHERE sessionId = '102demoSessionThatIsKnown';
-- ## A session out of the token that signing in gave
INSERT INTO okta.session.sessions (sessionToken)
VALUES ('20111demoTokenThatIsKnown')
RETURNING login, status, expiresAt;
-- ## Keep it alive
EXEC okta.session.sessions.refresh @sessionId = '102demoSessionThatIsKnown';
-- ## Sign it out
DELETE FROM okta.session.sessions
WHERE sessionId = '102demoSessionThatIsKnown';

-- # okta.user.users
-- ## How many users there are in each status
SELECT status, count(*) AS n
FROM okta.user.users
GROUP BY status
ORDER BY n DESC, status;
-- ## A user without an e-mail to activate
INSERT INTO okta.user.users (profile, activate)
SELECT json_object('login', 'joan.joiner@example.com', 'email', 'joan.joiner@example.com', 'firstName', 'Joan', 'lastName', 'Joiner'), false
RETURNING profile.login, status;
-- ## Change attributes and keep the rest
UPDATE okta.user.users
SET profile.title = 'Night owl', profile.department = 'Support'
WHERE profile.login = 'joan.joiner@example.com'
RETURNING profile.login, profile.title;
-- ## The whole profile at once
REPLACE okta.user.users
SET profile = json_object('login', 'joan.joiner@example.com', 'email', 'joan.joiner@example.com', 'firstName', 'Joan', 'lastName', 'Mover')
WHERE profile.login = 'joan.joiner@example.com'
RETURNING profile.lastName, profile.title;
-- ## Activate, with a link instead of an e-mail
EXEC okta.user.users.activate FOR EACH (
  SELECT id AS userId, 'false' AS sendEmail FROM okta.user.users WHERE profile.login = 'joan.joiner@example.com');
-- ## Suspend a leaver
EXEC okta.user.users.suspend FOR EACH (
  SELECT id AS userId FROM okta.user.users WHERE profile.login = 'joan.joiner@example.com');
-- ## Let a suspended user in again
EXEC okta.user.users.unsuspend FOR EACH (
  SELECT id AS userId FROM okta.user.users WHERE profile.login = 'joan.joiner@example.com');
-- ## Unlock everybody who is locked out
EXEC okta.user.users.unlock FOR EACH (SELECT id AS userId FROM okta.user.users WHERE status = 'LOCKED_OUT');
-- ## A link to set a new password
EXEC okta.user.users.resetPassword FOR EACH (
  SELECT id AS userId, 'false' AS sendEmail FROM okta.user.users WHERE profile.login = 'hana.larsen1@example.com');
-- ## Deactivate: the first DELETE of a user
DELETE FROM okta.user.users
WHERE profile.login = 'joan.joiner@example.com';

-- # okta.group.groups
-- ## The largest groups
SELECT g.profile.name AS "group", count(*) AS members
FROM okta.group.groups g JOIN okta.group.users u ON u.groupId = g.id
WHERE g.type = 'OKTA_GROUP'
GROUP BY ALL ORDER BY members DESC, "group" LIMIT 5;
-- ## A group
INSERT INTO okta.group.groups (profile)
SELECT json_object('name', 'Night shift', 'description', 'people who work at night')
RETURNING profile.name, type;
-- ## Another description
UPDATE okta.group.groups
SET profile.description = 'nights and weekends'
WHERE profile.name = 'Night shift'
RETURNING profile;
-- ## A name and no description
REPLACE okta.group.groups
SET profile = json_object('name', 'Night shift')
WHERE profile.name = 'Night shift'
RETURNING profile;
-- ## By its name
DELETE FROM okta.group.groups
WHERE groupId = (SELECT id FROM okta.group.groups WHERE profile.name = 'Night shift');

-- # okta.group.users
-- ## Put people into a group
INSERT INTO okta.group.users (groupId, userId)
SELECT g.id, u.id
FROM okta.group.groups g, okta.user.users u
WHERE g.profile.name = 'On call' AND u.profile.login IN ('ada.andersson@example.com', 'hana.larsen1@example.com');
-- ## Take one out
DELETE FROM okta.group.users
WHERE groupId = (SELECT id FROM okta.group.groups WHERE profile.name = 'On call')
  AND userId = (SELECT id FROM okta.user.users WHERE profile.login = 'hana.larsen1@example.com');

-- # okta.group.rules
-- ## A rule that fills a group by department
INSERT INTO okta.group.rules (type, name, conditions, actions)
SELECT 'group_rule', 'Support is on call',
  '{"expression": {"type": "urn:okta:expression:1.0", "value": "user.department==\"Support\""}}',
  json_object('assignUserToGroups', json_object('groupIds', json_array(g.id)))
FROM okta.group.groups g WHERE g.profile.name = 'On call'
RETURNING name, status;
-- ## By its name
DELETE FROM okta.group.rules WHERE ruleId = (SELECT id FROM okta.group.rules WHERE name = 'Support is on call');

-- # okta.application.apps
-- ## A bookmark
INSERT INTO okta.application.apps (name, label, signOnMode, settings)
SELECT 'bookmark', 'Canteen menu', 'BOOKMARK', json_object('app', json_object('url', 'https://menu.example.com', 'requestIntegration', false))
RETURNING label, signOnMode, status;
-- ## Another label
UPDATE okta.application.apps
SET label = 'Lunch menu'
WHERE label = 'Canteen menu'
RETURNING label, status;
-- ## Switch it off, which must come before deleting it
EXEC okta.application.apps.deactivate FOR EACH (SELECT id AS appId FROM okta.application.apps WHERE label = 'Lunch menu');
-- ## By its label
DELETE FROM okta.application.apps
WHERE appId = (SELECT id FROM okta.application.apps WHERE label = 'Lunch menu');

-- # okta.userfactor.factors
-- ## What people of a department sign in with
SELECT u.profile.login AS login, f.factorType, f.provider, f.status
FROM okta.user.users u JOIN okta.userfactor.factors f ON f.userId = u.id
WHERE u.status = 'ACTIVE' AND u.profile.department = 'Finance'
ORDER BY login, f.factorType LIMIT 5;
-- ## Enrol a factor for somebody
INSERT INTO okta.userfactor.factors (userId, factorType, provider, profile)
SELECT id, 'email', 'OKTA', json_object('email', profile.email)
FROM okta.user.users WHERE profile.login = 'hana.larsen1@example.com'
RETURNING factorType, status;
-- ## Remove it again
DELETE FROM okta.userfactor.factors
WHERE userId = (SELECT id FROM okta.user.users WHERE profile.login = 'hana.larsen1@example.com')
  AND factorId = (SELECT f.id FROM okta.userfactor.factors f JOIN okta.user.users u ON f.userId = u.id
                  WHERE u.profile.login = 'hana.larsen1@example.com' AND f.factorType = 'email');

-- # okta.networkzone.zones
-- ## The addresses of an office
INSERT INTO okta.networkzone.zones (type, name, status, gateways)
SELECT 'IP', 'Harbour office', 'ACTIVE', '[{"type": "CIDR", "value": "192.0.2.0/24"}]'
RETURNING name, type, status;
-- ## Another network
UPDATE okta.networkzone.zones
SET gateways = '[{"type": "CIDR", "value": "198.51.100.0/24"}]'
WHERE zoneId = (SELECT id FROM okta.networkzone.zones WHERE name = 'Harbour office')
RETURNING name, gateways;
-- ## Switch it off, which must come before deleting it
EXEC okta.networkzone.zones.deactivate FOR EACH (SELECT id AS zoneId FROM okta.networkzone.zones WHERE name = 'Harbour office');
-- ## By its name
DELETE FROM okta.networkzone.zones WHERE zoneId = (SELECT id FROM okta.networkzone.zones WHERE name = 'Harbour office');

-- # okta.trustedorigin.trustedorigins
-- ## Let a page of yours call the API from a browser
INSERT INTO okta.trustedorigin.trustedorigins (name, origin, scopes)
SELECT 'Intranet', 'https://intranet.example.com', '[{"type": "CORS"}]'
RETURNING name, origin, status;
-- ## By its name
DELETE FROM okta.trustedorigin.trustedorigins
WHERE trustedOriginId = (SELECT id FROM okta.trustedorigin.trustedorigins WHERE name = 'Intranet');

-- # okta.eventhook.eventhooks
-- ## Tell a service of yours who was suspended
INSERT INTO okta.eventhook.eventhooks (name, events, channel)
SELECT 'Suspensions', '{"type": "EVENT_TYPE", "items": ["user.lifecycle.suspend"]}',
  '{"type": "HTTP", "version": "1.0.0", "config": {"uri": "https://hooks.example.com/okta", "headers": [], "authScheme": {"type": "HEADER", "key": "authorization", "value": "change-me"}}}'
RETURNING name, status;
-- ## Switch it off, which must come before deleting it
EXEC okta.eventhook.eventhooks.deactivate FOR EACH (SELECT id AS eventHookId FROM okta.eventhook.eventhooks WHERE name = 'Suspensions');
-- ## By its name
DELETE FROM okta.eventhook.eventhooks WHERE eventHookId = (SELECT id FROM okta.eventhook.eventhooks WHERE name = 'Suspensions');

-- # okta.user.roles
-- ## Make somebody a help desk administrator
INSERT INTO okta.user.roles (userId, type)
SELECT id, 'HELP_DESK_ADMIN' FROM okta.user.users WHERE profile.login = 'hana.larsen1@example.com'
RETURNING type, status;
-- ## Take the role away
DELETE FROM okta.user.roles
WHERE userId = (SELECT id FROM okta.user.users WHERE profile.login = 'hana.larsen1@example.com')
  AND roleId = (SELECT r.id FROM okta.user.roles r JOIN okta.user.users u ON r.userId = u.id
                WHERE u.profile.login = 'hana.larsen1@example.com' AND r.type = 'HELP_DESK_ADMIN');

-- # okta.user.sessions
-- ## Sign somebody out everywhere
DELETE FROM okta.user.sessions
WHERE userId = (SELECT id FROM okta.user.users WHERE profile.login = 'hana.larsen1@example.com');

-- # okta.application.users
-- ## Give somebody an app, past its groups
INSERT INTO okta.application.users (appId, id, scope)
SELECT a.id, u.id, 'USER'
FROM okta.application.apps a, okta.user.users u
WHERE a.label = 'Cafeteria menu' AND u.profile.login = 'hana.larsen1@example.com'
RETURNING scope, status;

-- # okta.log.logs
-- ## What happened in the last hour, by kind
SELECT eventType, count(*) AS n
FROM okta.log.logs
WHERE since = datetime('now', '-1 hours')
GROUP BY eventType ORDER BY n DESC, eventType LIMIT 5;

-- # okta.policy.policies
-- ## Password policies with their rules
SELECT p.name AS policy, r.name AS rule, r.status
FROM okta.policy.policies p JOIN okta.policy.rules r ON r.policyId = p.id
WHERE p.type = 'PASSWORD'
ORDER BY p.priority, r.priority LIMIT 5;
