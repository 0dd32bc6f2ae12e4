import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What went through a proxy in one window of the bucket that was used up. */
export interface SeenWindow {
  /** As the API names it: epoch seconds at which it ends. */
  readonly reset: number;
  readonly limit: number;
  /** When its first answer came, by `performance.now()`. */
  readonly firstAt: number;
  requests: number;
}

/** Stands between one process and the API, and counts by the API's own headers. */
export interface RecordingProxy {
  readonly url: string;
  readonly windows: readonly SeenWindow[];
  /** Answers with status 429 so far. */
  readonly refused: () => number;
  readonly close: () => Promise<void>;
}

/** `Reset` of one window may differ by its rounding. */
const SAME_WINDOW_SECONDS = 2;

export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const agent = new Agent({ keepAlive: true });
  const windows: SeenWindow[] = [];
  let refused = 0;
  const record = (status: number, headers: Readonly<Record<string, string | readonly string[] | undefined>>): void => {
    if (status === 429) refused++;
    const [limit, reset] = [Number(headers['x-rate-limit-limit']), Number(headers['x-rate-limit-reset'])];
    if (!(limit > 0) || !(reset > 0)) return;
    let window = windows.find((one) => Math.abs(one.reset - reset) <= SAME_WINDOW_SECONDS);
    if (window === undefined) {
      window = { reset, limit, firstAt: performance.now(), requests: 0 };
      windows.push(window);
    }
    if (status !== 429) window.requests++;
  };
  const server = createServer((incoming, outgoing) => {
    const forwarded = request(`${target}${incoming.url}`, { agent, method: incoming.method, headers: incoming.headers }, (answer) => {
      record(answer.statusCode ?? 0, answer.headers);
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    windows,
    refused: () => refused,
    close: async () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await once(server, 'close').catch(() => {});
    },
  };
}
