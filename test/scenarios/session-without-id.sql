SELECT * FROM okta.session.sessions;
