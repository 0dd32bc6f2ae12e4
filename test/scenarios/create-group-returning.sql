-- args: --yes -o json
INSERT INTO okta.group.groups (profile) SELECT json_object('name', 'Night shift') RETURNING type, profile.name AS name;
SELECT count(*) AS groups FROM okta.group.groups WHERE profile.name = 'Night shift';
