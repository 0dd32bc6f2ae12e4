/** A form of query. Its order is fixed, so that rows can be compared. */
export interface Shape {
  readonly name: string;
  readonly sql: string;
  /** Rows on a page of the server: few, so that a small org has lists of several pages. */
  readonly pageRows: number;
}

/** One of each way in which a query comes by its rows. */
export const SHAPES: readonly Shape[] = [
  { name: 'a plain scan', pageRows: 90, sql: 'SELECT id, status, profile.login AS login FROM okta.user.users' },
  { name: 'a filter', pageRows: 9, sql: "SELECT id, status FROM okta.user.users WHERE status = 'ACTIVE' AND profile.department = 'Sales'" },
  { name: 'a LIMIT', pageRows: 30, sql: 'SELECT id, status FROM okta.user.users LIMIT 80' },
  {
    name: 'an ORDER BY with a LIMIT',
    pageRows: 90,
    sql: 'SELECT id, lastLogin FROM okta.user.users ORDER BY lastLogin DESC NULLS LAST, id LIMIT 60',
  },
  { name: 'an aggregate', pageRows: 90, sql: 'SELECT status, count(*) AS n, min(created) FROM okta.user.users GROUP BY status ORDER BY 1' },
  {
    name: 'a join by parameter',
    pageRows: 20,
    sql: "SELECT g.profile.name AS name, u.id FROM okta.group.groups g JOIN okta.group.users u ON u.groupId = g.id WHERE g.profile.name LIKE 'S%' ORDER BY 1, 2",
  },
  {
    name: 'a LEFT JOIN',
    pageRows: 90,
    sql: "SELECT a.label, u.id FROM okta.application.apps a LEFT JOIN okta.application.users u ON u.appId = a.id WHERE a.label LIKE 'S%' ORDER BY 1, 2",
  },
  {
    name: 'a semi-join',
    pageRows: 14,
    sql: "SELECT id FROM okta.user.users u WHERE profile.department = 'Sales' AND EXISTS (SELECT 1 FROM okta.iam.assignees a WHERE a.id = u.id) ORDER BY 1",
  },
  {
    name: 'an anti-join',
    pageRows: 30,
    sql: "SELECT id FROM okta.user.users u WHERE profile.department IN ('Sales', 'Support') AND id NOT IN (SELECT u.id FROM okta.group.users u JOIN okta.group.groups g ON u.groupId = g.id WHERE g.profile.name LIKE 'Su%') ORDER BY 1",
  },
  {
    name: 'a subquery',
    pageRows: 20,
    sql: "SELECT id, (SELECT count(*) FROM okta.group.users m WHERE m.groupId = g.id) AS n FROM okta.group.groups g WHERE g.profile.name LIKE 'S%' ORDER BY 1",
  },
  {
    name: 'a UNION',
    pageRows: 20,
    sql: "SELECT 'user' AS what, id FROM okta.user.users WHERE profile.department = 'Sales' UNION ALL SELECT 'group', id FROM okta.group.groups ORDER BY 1, 2",
  },
  { name: 'a relation paged in the body', pageRows: 5, sql: 'SELECT id FROM okta.iam.assignees ORDER BY 1' },
  {
    name: 'a window of the log',
    pageRows: 20,
    sql: "SELECT uuid, eventType FROM okta.log.logs WHERE published >= TIMESTAMPTZ '2026-02-24T14:00:00Z' AND published < TIMESTAMPTZ '2026-02-24T15:30:00Z' ORDER BY 1",
  },
  {
    name: 'rows that come embedded',
    pageRows: 90,
    sql: 'SELECT a.id, u.profile.login AS login FROM okta.application.users a JOIN okta.user.users u ON u.id = a.id WHERE a.appId = $app ORDER BY 1',
  },
];
