SELEC id FROM okta.user.users;
