import { type Answer, type ExchangeServices, exchange, type Head } from './exchange.ts';
import { nextGraphQlPage, renderGraphQl } from './graphql.ts';
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from './limits.ts';
import { readPages } from './paging/pager.ts';
import { bucketOf } from './quota/bucket-name.ts';
import { createQuotaScheduler } from './quota/scheduler.ts';
import { type PrepareContext, type PreparedRequest, prepareRequest } from './request/prepare.ts';
import { requestIdOf } from './response/error-body.ts';
import { isWhole } from './response/page.ts';
import { createFlightSharing } from './sharing.ts';
import { transformRequestBody, transformResponseBody } from './transform/transform.ts';
import { encodeXml } from './transform/xml-body.ts';
import { createTransport, type ProxySettings } from './transport/transport.ts';
import type { BucketState, Clock, HttpClient, MethodCall } from './types.ts';

/** What the HTTP layer is made of. It reads no environment; the session passes in what it honours. */
export interface HttpClientOptions {
  readonly clock: Clock;
  /** 0 (inclusive) to 1, for jitter. */
  readonly random: () => number;
  readonly userAgent: string;
  readonly proxy?: ProxySettings;
  readonly limits?: Partial<HttpLimits>;
  /** Told whenever an API names the state of a bucket: limits may be kept for later estimates. */
  readonly statsSink?: (org: string, state: BucketState) => void;
}

/** The one way to the API: requests, credentials, quota, retries, paging and the read gate. Close it to drop its connections. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock, random, userAgent } = options;
  const limits: HttpLimits = { ...DEFAULT_HTTP_LIMITS, ...options.limits };
  const transport = createTransport({ limits, proxy: options.proxy ?? {}, now: clock.now });
  const scheduler = createQuotaScheduler({ clock, random, ...(options.statsSink === undefined ? {} : { statsSink: options.statsSink }) });
  const services: ExchangeServices = { transport, quota: scheduler, clock, random, limits, nonces: new Map() };
  const sharing = createFlightSharing();
  /** Writes begun and ended, by org: a read does not share one that began before a write. */
  const epochs = new Map<string, number>();
  const context: PrepareContext = {
    userAgent,
    transform: transformRequestBody,
    xml: encodeXml,
    graphQl: renderGraphQl,
    nextGraphQl: nextGraphQlPage,
    transformResponse: transformResponseBody,
  };

  const fetch = (
    call: MethodCall,
    request: PreparedRequest,
    participant: { readonly signal: AbortSignal; readonly onHead: (head: Head) => void },
    isPage: boolean,
  ): Promise<Answer> => {
    const start = ({ signal, onHead }: { readonly signal: AbortSignal; readonly onHead: (head: Head) => void }): Promise<Answer> =>
      exchange(services, call, request, {
        bucket: bucketOf(call),
        signal,
        onHead,
        ...(isPage ? { isUsable: (answer: Answer) => isWhole(call, answer) } : {}),
      });
    if (request.verb !== 'GET' || request.body !== undefined) return start(participant);
    const key = JSON.stringify([
      call.org.provider,
      call.org.name,
      epochs.get(call.org.name) ?? 0,
      isPage,
      request.url.href,
      Object.entries(request.headers).sort(),
    ]);
    return sharing.join(key, participant, start);
  };

  const send = async (call: MethodCall): Promise<Answer> => {
    const request = prepareRequest(call, context);
    if (call.intent === 'read')
      return fetch(call, request, { signal: call.signal ?? new AbortController().signal, onHead: () => {} }, false);
    const turn = (): void => void epochs.set(call.org.name, (epochs.get(call.org.name) ?? 0) + 1);
    turn();
    try {
      return await exchange(services, call, request, { bucket: bucketOf(call), signal: call.signal });
    } finally {
      turn();
    }
  };

  return {
    pages: (call, from) => readPages((one, request, participant) => fetch(one, request, participant, true), context, call, from),
    send: async (call) => {
      const { status, headers, bytes } = await send(call);
      return { status, headers, bytes, requestId: requestIdOf(headers) };
    },
    describe: (call) => {
      const request = prepareRequest(call, context);
      return { verb: request.verb, url: request.url.href, bucket: bucketOf(call) };
    },
    buckets: (org) => scheduler.buckets(org),
    close: async () => {
      scheduler.close();
      transport.close();
    },
  };
}
