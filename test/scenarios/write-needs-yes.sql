INSERT INTO okta.group.groups (profile) SELECT json_object('name', 'Night shift');
