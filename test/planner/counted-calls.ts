import type { TestSession } from '../../src/session/test-session.ts';

/** The requests of a statement without paging and projection, ids written as {id}, equal ones counted. */
export async function countedCalls(lab: TestSession, sql: string): Promise<Record<string, number>> {
  lab.takeRequests();
  await lab.rows(sql);
  const counted: Record<string, number> = {};
  for (const request of lab.takeRequests()) {
    const [, path = '', query = ''] = /^GET ([^?]*)\??(.*)$/.exec(request) ?? [];
    const parameters = query.split('&').filter((pair) => pair !== '' && !/^(after|limit|fields)=/.test(pair));
    const shape = [path, ...parameters]
      .join(' ')
      .replaceAll('+', ' ')
      .replace(/\b(00u|00g|0oa|00p|rst|0pr)[A-Za-z0-9]{17}\b/g, '{id}')
      .replace(/( or id eq "\{id\}")+/g, ' or ...');
    counted[shape] = (counted[shape] ?? 0) + 1;
  }
  return counted;
}
