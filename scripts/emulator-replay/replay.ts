import { createVirtualClock } from '../../src/emulator/clock.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import type { Emulator } from '../../src/emulator/types.ts';
import { differences, errorCodeOf, parseJson } from './compare.ts';
import { IdMap, isObject } from './id-map.ts';
import { callerOf, layCustomAttributes, makeWhatWasListed, makeWhatWasThere } from './preconditions.ts';
import { recordedLacks, recordedRelease } from './recorded-org.ts';
import type { Recorded } from './recording.ts';
import { bodyFromResponse } from './request-body.ts';
import type { Scope } from './scope.ts';

/** How one recorded request came out. */
export interface Outcome {
  readonly recorded: Recorded;
  /** `METHOD /template`; `undefined` for a request out of scope, which is sent all the same. */
  readonly endpoint: string | undefined;
  readonly url: string;
  readonly status: number;
  readonly body: string;
  /** Whether the body sent was made from the recorded response. */
  readonly isBodyMade: boolean;
  readonly isStatusSame: boolean;
  /** `undefined` where neither side has an error code. */
  readonly isCodeSame: boolean | undefined;
  readonly isKeysSame: boolean;
  /** Whether items of a list could not be compared, the list being empty on one side. */
  readonly isPartial: boolean;
  /** Key paths that differ: `-` is missing in ours, `+` only in ours. */
  readonly differences: readonly string[];
}

export interface ReplayOptions {
  /** The org's release: of the recorded date (`date`), that and its capabilities as the recorded answers show them (`answers`), or the newest. */
  readonly shapes: 'date' | 'answers' | 'newest';
}

/** Replays a recording, each `test` in its order against an org of its own whose clock shows the recorded time. */
export async function replay(recording: readonly Recorded[], scope: Scope, options: ReplayOptions): Promise<Outcome[]> {
  const byTest = groupByTest(recording);
  const outcomes: Outcome[] = [];
  for (const requests of byTest.values()) outcomes.push(...(await replayTest(requests, scope, options)));
  return outcomes;
}

function groupByTest(recording: readonly Recorded[]): Map<string, Recorded[]> {
  const groups = new Map<string, Recorded[]>();
  for (const one of recording) {
    const group = groups.get(one.test);
    if (group === undefined) groups.set(one.test, [one]);
    else group.push(one);
  }
  return groups;
}

async function replayTest(requests: readonly Recorded[], scope: Scope, options: ReplayOptions): Promise<Outcome[]> {
  const start = requests.find((one) => one.time !== undefined)?.time ?? Date.UTC(2025, 0, 1);
  const clock = createVirtualClock(start, () => 0);
  const emulator = createEmulator({
    subdomain: 'test',
    clock,
    ...(options.shapes === 'newest' ? {} : recordedRelease(requests)),
    ...(options.shapes === 'answers' ? recordedLacks(requests) : {}),
  });
  const ids = new IdMap();
  const passwords = new Map<string, string>();
  nameWhatWasThere(requests, ids, emulator);
  const call = callerOf(emulator);
  await layCustomAttributes(requests, call);
  const outcomes: Outcome[] = [];
  for (const recorded of requests) {
    if (recorded.time !== undefined && recorded.time > clock.now()) clock.set(recorded.time);
    const template = scope.templateOf(recorded.method, recorded.path);
    let outcome = await replayOne(emulator, recorded, ids, scope, passwords);
    const wasThere = outcome.status === 404 && recorded.status === 200 && template !== undefined;
    if (wasThere && (await makeWhatWasThere(recorded, template, scope, ids, call)))
      outcome = await replayOne(emulator, recorded, ids, scope, passwords);
    const lacks =
      outcome.status === recorded.status && template !== undefined && (outcome.isPartial || outcome.differences.some(isLacking));
    if (lacks && (await makeWhatWasListed(recorded, template, scope, ids, call)))
      outcome = await replayOne(emulator, recorded, ids, scope, passwords);
    outcomes.push(outcome);
    clock.advance(1000);
  }
  return outcomes;
}

function isLacking(path: string): boolean {
  return path.startsWith('-');
}

async function replayOne(
  emulator: Emulator,
  recorded: Recorded,
  ids: IdMap,
  scope: Scope,
  passwords: Map<string, string>,
): Promise<Outcome> {
  const template = scope.templateOf(recorded.method, recorded.path);
  const recordedBody = parseJson(recorded.body);
  const made = bodyToMake(recorded, template, recordedBody, scope, passwords);
  const query = recorded.query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(ids.apply(value))}`).join('&');
  const url = ids.apply(recorded.path) + (query === '' ? '' : `?${query}`);
  const sent = ids.apply(made ?? recorded.requestBody);
  rememberPassword(sent, passwords);
  const response = await emulator.handle({
    method: recorded.method,
    url,
    headers: {
      authorization: `SSWS ${emulator.token}`,
      accept: 'application/json',
      'content-length': String(Buffer.byteLength(sent)),
      ...(sent === '' ? {} : { 'content-type': recorded.requestType }),
    },
    ...(sent === '' ? {} : { body: sent }),
  });
  const body = Buffer.from(response.body).toString('utf8');
  const codes = [errorCodeOf(recorded.body), errorCodeOf(body)];
  if (response.status < 400 && recorded.status < 400) {
    ids.learn(recordedBody, parseJson(body));
    ids.learnLinks(
      recorded.links,
      response.headers.filter(([name]) => name === 'link').map(([, value]) => value),
    );
  }
  const { paths, isPartial } = differences(recorded.body, body);
  return {
    recorded,
    endpoint: template === undefined ? undefined : `${recorded.method} ${template}`,
    url,
    status: response.status,
    body,
    isBodyMade: made !== undefined,
    isStatusSame: response.status === recorded.status,
    isCodeSame: codes[0] === undefined && codes[1] === undefined ? undefined : codes[0] === codes[1],
    isKeysSame: paths.length === 0,
    isPartial,
    differences: paths,
  };
}

/** Keeps the password that a user is made with: primary authentication is recorded without it. */
function rememberPassword(sent: string, passwords: Map<string, string>): void {
  const body = parseJson(sent);
  if (!isObject(body) || !isObject(body.profile) || !isObject(body.credentials) || !isObject(body.credentials.password)) return;
  passwords.set(String(body.profile.login), String(body.credentials.password.value));
}

/**
 * Names of what the recorded org had from the start, though no response shows it by name: the user type, which is the only one unless the test makes others,
 * and the group that policies name, which is Everyone unless the test has shown it.
 */
function nameWhatWasThere(requests: readonly Recorded[], ids: IdMap, emulator: Emulator): void {
  const shown = new Set(requests.flatMap(({ body }) => [...body.matchAll(/^\{"id":"(\w+)"/g)].map((match) => match[1] ?? '')));
  const everyone = emulator.org.everyoneId;
  for (const { path, body, requestBody } of requests) {
    const text = `${body} ${requestBody}`;
    for (const [, id = ''] of text.matchAll(/"type":\s*\{"id":\s*"(oty\w+)"/g)) if (!shown.has(id)) ids.set(id, emulator.org.userTypeId);
    if (!path.includes('/policies')) continue;
    for (const [, list = ''] of text.matchAll(/"groups":\s*\{"include":\s*\[([^\]]*)\]/g)) {
      for (const [, id = ''] of list.matchAll(/"(00g\w+)"/g)) if (!shown.has(id)) ids.set(id, everyone);
    }
  }
}

function bodyToMake(
  recorded: Recorded,
  template: string | undefined,
  response: unknown,
  scope: Scope,
  passwords: ReadonlyMap<string, string>,
): string | undefined {
  if (template === undefined || recorded.requestBody !== '' || recorded.status >= 400) return undefined;
  if (template !== '/api/v1/authn' && !scope.takesBody(recorded.method, template)) return undefined;
  const body = bodyFromResponse(template, recorded.method, response, passwords);
  return body === undefined ? undefined : JSON.stringify(body);
}
