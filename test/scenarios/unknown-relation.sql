SELECT * FROM okta.user.usrs;
