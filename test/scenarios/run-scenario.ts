import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEmulator } from '../../src/emulator/emulator.ts';
import type { Emulator, EmulatorResponse, FaultRule } from '../../src/emulator/types.ts';

/** The built command line. */
export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const NOW = '2026-03-02T09:30:00.000Z';

/** What a scenario shows: the two output streams, the exit status in the last line of `err`, and the requests that were made, sorted. */
export interface Outcome {
  readonly out: string;
  readonly err: string;
  readonly http: string;
}

/**
 * Runs a scenario file through the built CLI, against an emulated org of its own with a clock that stands still.
 * Directives in its comments: `-- args: -o json --yes`, `-- seed: demo`, `-- faults: [...]`, `-- env: NAME=value`, and
 * `-- between: org analyze`: the file is run, then this command, then the file again.
 */
export async function runScenario(file: string): Promise<Outcome> {
  const sql = await readFile(file, 'utf8');
  const directive = (name: string): readonly string[] =>
    [...sql.matchAll(new RegExp(`^-- ${name}: (.*)$`, 'gm'))].map((match) => match[1] ?? '');
  const faults = directive('faults').flatMap((text) => JSON.parse(text) as FaultRule[]);
  const now = Date.parse(NOW);
  const emulator = createEmulator({ seed: directive('seed')[0] ?? 'demo', subdomain: 'emulated', clock: { now: () => now }, faults });
  const requests: string[] = [];
  const server = await serve(emulator, requests);
  const folder = await mkdtemp(join(tmpdir(), 'orgql-scenario-'));
  try {
    const config = join(folder, 'orgql.yaml');
    await writeFile(
      config,
      `default_org: emulated\norgs:\n  emulated: { org_url: ${server.url}, token: ${JSON.stringify(emulator.token)}, budget: 100% }\n`,
    );
    const run = ['exec', '-i', file, ...directive('args').flatMap((text) => text.split(' '))];
    const commands = directive('between').flatMap((text) => [text.split(' '), run]);
    const own = Object.fromEntries(directive('env').map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      XDG_DATA_HOME: join(folder, 'data'),
      XDG_STATE_HOME: join(folder, 'state'),
      ORGQL_NOW: NOW,
      ...own,
    };
    // What differs from run to run is named instead.
    const plain = (text: string): string =>
      text
        .replaceAll(server.url, '<org>')
        .replaceAll(emulator.token, '<token>')
        .replaceAll(folder, '<home>')
        .replace(/resume\/[0-9a-z]+-[0-9a-z]+/g, 'resume/<run>')
        .replace(/\b[0-9a-f]{32}\b/g, '<request id>');
    let [out, err] = ['', ''];
    for (const command of [run, ...commands]) {
      const result = await runProgram([MAIN, ...command, '--config', config], folder, env);
      const title = commands.length === 0 ? '' : `$ orgql ${command === run ? 'exec' : command.join(' ')}\n`;
      out += `${title}${plain(result.out)}`;
      err += `${title}${plain(result.err)}exit ${result.status}\n`;
    }
    return { out, err, http: `${requests.sort().join('\n')}\n` };
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function serve(emulator: Emulator, requests: string[]): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const method = incoming.method ?? 'GET';
    requests.push(`${method} ${decodeURIComponent((incoming.url ?? '/').replaceAll('+', ' '))}${body.length > 0 ? ` ${body}` : ''}`);
    const response: EmulatorResponse = await emulator.handle({
      method,
      url: `http://${incoming.headers.host}${incoming.url}`,
      headers: incoming.headers,
      ...(body.length > 0 ? { body } : {}),
    });
    if (response.connection === 'reset') {
      incoming.socket.resetAndDestroy();
      return;
    }
    outgoing.sendDate = false;
    outgoing.writeHead(response.status, response.headers.flat());
    if (response.connection === 'truncate') outgoing.write(response.body, () => incoming.socket.destroy());
    else outgoing.end(response.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Runs a Node program to its end. */
export function runProgram(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  stdin = '',
): Promise<{ readonly out: string; readonly err: string; readonly status: number }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...args], { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, out, err) => {
      resolve({ out, err, status: error === null ? 0 : typeof error.code === 'number' ? error.code : 1 });
    });
    child.stdin?.end(stdin);
  });
}
