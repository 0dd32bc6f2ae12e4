-- args: -o csv
-- faults: [{"path": "/api/v1/logs", "after": 1, "effect": {"kind": "status", "status": 400, "errorCode": "E0000001"}}]
SELECT count(*) AS events FROM okta.log.logs;
