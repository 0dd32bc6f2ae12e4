SELECT emial, statuss FROM okta.user.users;
