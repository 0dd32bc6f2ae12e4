import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

/** What stands in for GitHub's REST API: the members of one organisation, in pages that a Link header leads through. */
export interface GithubServer {
  readonly url: string;
  /** `/orgs/acme/members?per_page=100`, in order, since this was last asked. */
  readonly takeRequests: () => readonly string[];
  readonly close: () => Promise<void>;
}

export async function openGithubServer(organisation: string, logins: readonly string[]): Promise<GithubServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const answer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(body));
    };
    if (url.pathname !== `/orgs/${organisation}/members`) return answer(404, { message: 'Not Found', status: '404' });
    const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30));
    const page = Number(url.searchParams.get('page') ?? 1);
    const isLast = page * size >= logins.length;
    url.searchParams.set('page', String(page + 1));
    answer(
      200,
      logins.slice((page - 1) * size, page * size).map((login, index) => ({
        login,
        id: (page - 1) * size + index + 1,
        type: 'User',
        site_admin: false,
      })),
      isLast ? {} : { link: `<${url.href}>; rel="next", <${url.origin}${url.pathname}>; rel="first"` },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeRequests: () => requests.splice(0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Writes a provider document of our own for it below a folder, in the published format and without any fact of a planner. */
export function writeGithubProvider(root: string): void {
  const folder = join(root, 'github', 'v1');
  const files: Readonly<Record<string, string>> = { 'provider.yaml': PROVIDER, 'services/orgs.yaml': ORGS };
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

const PROVIDER = `
id: github
name: github
version: v1
providerServices:
  orgs: { id: 'orgs:v1', name: orgs, title: Organisations, service: { $ref: github/v1/services/orgs.yaml } }
config:
  auth: { type: bearer, credentialsenvvar: GITHUB_TEST_TOKEN }
`;

const ORGS = `
openapi: 3.0.3
info: { title: orgs, version: '1' }
servers: [{ url: 'https://api.github.com' }]
x-stackQL-config:
  pagination: { requestToken: { key: '', location: request }, responseToken: { key: Link, location: header } }
paths:
  /orgs/{org}/members:
    get:
      operationId: listMembers
      parameters:
        - { name: org, in: path, required: true, schema: { type: string } }
        - { name: per_page, in: query, description: 'Rows of a page (max 100).', schema: { type: integer, default: 30 } }
        - { name: page, in: query, schema: { type: integer, default: 1 } }
      responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Member' } } } } } }
components:
  schemas:
    Member: { type: object, properties: { login: { type: string }, id: { type: integer }, type: { type: string }, site_admin: { type: boolean } } }
  x-stackQL-resources:
    members:
      id: github.orgs.members
      name: members
      methods:
        list:
          operation: { $ref: '#/paths/~1orgs~1{org}~1members/get' }
          response: { mediaType: application/json, openAPIDocKey: '200' }
      sqlVerbs: { select: [{ $ref: '#/components/x-stackQL-resources/members/methods/list' }], insert: [], update: [], delete: [] }
`;
