import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Method } from '../../catalog/types.ts';
import type { HttpClient, MethodCall, OrgConnection } from '../../http/types.ts';
import { openPageCache } from './cache.ts';
import { type OpenLog, openPageLog } from './log.ts';
import { createPageShare } from './share.ts';
import type { PageSources } from './types.ts';

/** How long the progress of a statement that `--max-calls` stopped is kept. */
const HANDLE_AGE_MS = 7 * 86_400_000;
/** An index follows within a second or so; how far behind it may ever fall is not said, so it is left alone for a good while longer. */
const INDEX_LAG_MS = 60_000;
/** A run of writes renews the stamp that makes older fetches old no more often than this. */
const STAMP_EVERY_MS = 1000;

interface RunningLog {
  readonly root: string;
  readonly log: OpenLog;
}

/** The page sources of one session. `directory`: where the cache and resume handles are; without one the cache ends with the session. */
export function createPageSources(directory: string | undefined, clock: () => number): PageSources {
  let temporary: Promise<string> | undefined;
  const cacheFolder = async (): Promise<string> => {
    if (directory !== undefined) return join(directory, 'cache', 'pages');
    temporary ??= mkdtemp(join(tmpdir(), 'orgql-cache-'));
    return temporary;
  };
  const cache = openPageCache(cacheFolder, clock);
  const epochs = new Map<string, number>();
  const written = new Map<string, number>();
  const stamps = new Map<string, { at: number; pending: Promise<void> }>();
  const logs: RunningLog[] = [];
  const runs = new Map<string, number>();
  const handles = directory === undefined ? undefined : join(directory, 'resume');
  const handleName = `${clock().toString(36)}-${process.pid.toString(36)}`;

  const wrote = async (org: OrgConnection): Promise<void> => {
    const key = orgKey(org);
    epochs.set(key, (epochs.get(key) ?? 0) + 1);
    const last = stamps.get(key);
    if (last !== undefined && clock() - last.at < STAMP_EVERY_MS) return last.pending;
    const pending = cache.outdate(key);
    stamps.set(key, { at: clock(), pending });
    return pending;
  };
  const sent = async (http: HttpClient, call: MethodCall): ReturnType<HttpClient['send']> => {
    if (call.intent === 'read') return http.send(call);
    await wrote(call.org);
    const names = literalSegments(call.method).map((name) => `${call.org.provider} ${name}`);
    for (const name of names) written.set(name, clock());
    try {
      return await http.send(call);
    } finally {
      for (const name of names) written.set(name, clock());
      epochs.set(orgKey(call.org), (epochs.get(orgKey(call.org)) ?? 0) + 1);
    }
  };
  return {
    identify: (org, parts) => ({ key: digest([orgKey(org), ...parts]), org: orgKey(org), epoch: epochs.get(orgKey(org)) ?? 0 }),
    share: () => createPageShare(),
    cache,
    log: async (root, statement, now) => {
      // The same statement again is another run; a run that goes on finds its own by the count.
      const name = digest([statement]);
      const run = runs.get(`${root} ${name}`) ?? 0;
      runs.set(`${root} ${name}`, run + 1);
      const log = await openPageLog(join(root, `${name}-${run}`), now, clock);
      logs.push({ root, log });
      return log;
    },
    hasWritten: (provider, method) => {
      const at = written.get(`${provider} ${literalSegments(method).at(-1)}`);
      return at !== undefined && clock() - at < INDEX_LAG_MS;
    },
    handle: () => (handles === undefined ? undefined : join(handles, handleName)),
    watch: (http) => ({ ...http, send: (call) => sent(http, call) }),
    close: async () => {
      for (const { root, log } of logs) {
        await log.release();
        // A script is finished as a whole: what its first statements had is needed again when it is run again.
        if (logs.every((other) => other.root !== root || other.log.isFinished())) await rm(log.directory, { recursive: true, force: true });
      }
      const handle = handles === undefined ? undefined : join(handles, handleName);
      if (handles !== undefined && handle !== undefined && logs.some(({ root }) => root === handle)) {
        // Empty where every statement was finished.
        await rmdir(handle).catch(() => {});
        await sweepHandles(handles, clock());
      }
      await cache.sweep();
      if (temporary !== undefined) await rm(await temporary, { recursive: true, force: true });
    },
  };
}

/** `groups`, `users` of `/api/v1/groups/{groupId}/users/{userId}`: whose rows a call reads, or may change. */
function literalSegments(method: Method): readonly string[] {
  return (method.http.path.split('?')[0] ?? '').split('/').filter((segment) => segment !== '' && !segment.includes('{'));
}

function orgKey({ provider, name, origin, serverVariables }: OrgConnection): string {
  return digest([provider, name, origin ?? '', serverVariables]);
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

async function sweepHandles(root: string, now: number): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const { mtimeMs } = await stat(join(root, name)).catch(() => ({ mtimeMs: now }));
    if (now - mtimeMs > HANDLE_AGE_MS) await rm(join(root, name), { recursive: true, force: true });
  }
}
