/** The export that people write by hand: `export-loop.ts <url> <token> <file>`, one JSON object a line. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { request } from 'undici';
import { nextLink } from './contenders/next-link.ts';

const [url = '', token = '', file = ''] = process.argv.slice(2);
const output = createWriteStream(file);
let next: string | undefined = `${url}/api/v1/users?limit=200`;
while (next !== undefined) {
  const { headers, body } = await request(next, { headers: { authorization: `SSWS ${token}` } });
  const users = JSON.parse(await body.text()) as readonly (Record<string, unknown> & { readonly profile: Record<string, unknown> })[];
  let text = '';
  for (const { id, status, created, lastLogin, profile } of users) {
    const { login, email, firstName, lastName, department } = profile;
    text += `${JSON.stringify({ id, status, created, lastLogin, login, email, firstName, lastName, department })}\n`;
  }
  if (!output.write(text)) await once(output, 'drain');
  next = nextLink(headers.link);
}
output.end();
await once(output, 'finish');
