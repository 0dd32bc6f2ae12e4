import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_HTTP_LIMITS } from '../limits.ts';
import { type FakeAnswer, type FakeApi, sendJson, startFakeApi } from '../testing/fake-api.ts';
import { createTransport, type Transport, type WireOutcome } from './transport.ts';

let api: FakeApi;
let transport: Transport;
afterEach(async () => {
  transport.close();
  await api.close();
});

/** A transport in the midst of a fan-out: enough requests are under way for the pool to take the next ones. */
async function fanningOut(
  answer: FakeAnswer,
  limits: Partial<typeof DEFAULT_HTTP_LIMITS> = {},
): Promise<(path: string, signal?: AbortSignal) => Promise<WireOutcome>> {
  api = await startFakeApi((request, response, index) => (request.path === '/hold' ? undefined : answer(request, response, index)));
  transport = createTransport({ limits: { ...DEFAULT_HTTP_LIMITS, ...limits }, proxy: {}, now: () => 0 });
  const send = (path: string, signal?: AbortSignal) =>
    transport.send(
      { verb: 'GET', url: new URL(`${api.origin}${path}`), headers: { accept: 'application/json' }, body: undefined },
      { timeoutMs: 2_000, signal },
    );
  for (let index = 0; index < 8; index++) void send('/hold');
  // The first of a fan-out has the library loaded.
  await import('undici');
  await new Promise((resolve) => setTimeout(resolve, 50));
  return send;
}

async function bodyOf(outcome: WireOutcome): Promise<unknown> {
  if (outcome.kind !== 'answer') return outcome;
  const body = await outcome.answer.body;
  return body.kind === 'complete' ? Buffer.from(body.bytes).toString() : body;
}

describe('reads of a fan-out', () => {
  it('give status, headers and body as every other request does', async () => {
    const send = await fanningOut((_, response) => sendJson(response, [1], { headers: { link: ['<a>; rel="self"', '<b>; rel="next"'] } }));
    const outcome = await send('/x');
    expect(outcome).toMatchObject({
      kind: 'answer',
      answer: { status: 200, headers: { 'content-type': 'application/json', link: '<a>; rel="self", <b>; rel="next"' } },
    });
    expect(await bodyOf(outcome)).toBe('[1]');
  });

  it.each<[string, FakeAnswer, unknown]>([
    [
      'a broken connection',
      (_, response) => void response.socket?.destroy(),
      { kind: 'failed', failure: { kind: 'lost', code: 'ECONNRESET' } },
    ],
    [
      'a body that breaks off',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('[');
        setImmediate(() => response.socket?.destroy());
      },
      { kind: 'failed', failure: { kind: 'lost' } },
    ],
    ['a body beyond the limit', (_, response) => void response.end('x'.repeat(5_000)), { kind: 'failed', failure: { kind: 'too_large' } }],
  ])('report %s', async (_, answer, expected) => {
    const send = await fanningOut(answer, { maxPageBytes: 1_000 });
    expect(await bodyOf(await send('/x'))).toMatchObject(expected as object);
  });

  it('can be aborted', async () => {
    const controller = new AbortController();
    const send = await fanningOut(() => controller.abort());
    expect(await send('/x', controller.signal)).toEqual({ kind: 'aborted' });
  });
});
