SELECT g.profile.name AS "group", count(u.id) AS members
FROM okta.group.groups g JOIN okta.group.users u ON u.groupId = g.id
WHERE g.type = 'OKTA_GROUP'
GROUP BY 1 ORDER BY 1;
