SHOW METHODS IN okta.session.sessions;
DESCRIBE okta.session.sessions;
