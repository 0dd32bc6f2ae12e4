import type { VirtualClock } from './clock.ts';
import { createEmulator } from './emulator.ts';
import type { Emulator, EmulatorOptions, EmulatorResponse } from './types.ts';

/** What a test of a family works with: an emulator with a clock that stands, and short forms of calls. */
export interface TestClient {
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<TestResponse>;
  get(path: string): Promise<TestResponse>;
  post(path: string, body?: unknown): Promise<TestResponse>;
  put(path: string, body?: unknown): Promise<TestResponse>;
  delete(path: string): Promise<TestResponse>;
  /** Event types in the log, in order. */
  events(): string[];
}

export interface TestResponse {
  readonly status: number;
  /** Parsed, and untyped as a parser leaves it: tests read whatever it holds. */
  readonly body: ReturnType<typeof JSON.parse>;
  readonly code: string | undefined;
  readonly causes: readonly string[];
  readonly links: Readonly<Record<string, string>>;
  readonly raw: EmulatorResponse;
  header(name: string): string | undefined;
}

export const TEST_NOW = '2026-03-01T12:00:00.000Z';

/** For tests only. */
export function createTestClient(options: EmulatorOptions = {}): TestClient {
  const emulator = createEmulator({ now: TEST_NOW, ...options });
  const clock = emulator.clock as VirtualClock;
  clock.freeze();
  const call: TestClient['call'] = async (method, path, body, headers = {}) => {
    const hasBody = body !== undefined;
    const raw = await emulator.handle({
      method,
      url: path,
      headers: {
        authorization: `SSWS ${emulator.token}`,
        ...(hasBody ? { 'content-type': 'application/json' } : { 'content-length': '0' }),
        ...headers,
      },
      ...(hasBody ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
    });
    const text = Buffer.from(raw.body).toString();
    const isJson = raw.headers.some(([name, value]) => name === 'content-type' && value.startsWith('application/json'));
    const parsed = isJson ? JSON.parse(text) : text;
    const links: Record<string, string> = {};
    for (const [name, value] of raw.headers) {
      const match = name === 'link' ? /<([^>]+)>; rel="(\w+)"/.exec(value) : null;
      if (match !== null) links[match[2] as string] = match[1] as string;
    }
    return {
      status: raw.status,
      body: parsed,
      code: parsed?.errorCode,
      causes: (parsed?.errorCauses ?? []).map((cause: { errorSummary: string }) => cause.errorSummary),
      links,
      raw,
      header: (name) => raw.headers.find(([key]) => key === name)?.[1],
    };
  };
  return {
    emulator,
    clock,
    call,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    delete: (path) => call('DELETE', path),
    events: () => emulator.org.logs.events.map((event) => event.eventType),
  };
}

/** A body that makes an ACTIVE user. */
export function newUser(login: string, profile: Readonly<Record<string, unknown>> = {}, password: string | null = 'Passw0rd!x'): object {
  return {
    profile: { firstName: 'Test', lastName: 'User', email: login, login, ...profile },
    ...(password === null ? {} : { credentials: { password: { value: password } } }),
  };
}
