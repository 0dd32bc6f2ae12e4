SELECT id FROM okta.user.users WHERE subdomain = 'acmee';
