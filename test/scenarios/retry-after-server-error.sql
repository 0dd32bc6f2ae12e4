-- faults: [{"path": "/api/v1/groups", "count": 1, "effect": {"kind": "status", "status": 503}}]
SELECT count(*) AS groups FROM okta.group.groups;
