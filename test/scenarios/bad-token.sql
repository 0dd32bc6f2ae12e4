-- faults: [{"path": "/api/v1/users", "effect": {"kind": "status", "status": 401, "errorCode": "E0000011"}}]
SELECT id FROM okta.user.users;
