import { cancellation, createAbortListeners } from './cancellation.ts';
import { type Answer, type ExchangeServices, exchange, type Head } from './exchange.ts';
import { nextGraphQlPage, renderGraphQl } from './graphql.ts';
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from './limits.ts';
import { readPages } from './paging/pager.ts';
import { bucketOf } from './quota/bucket-name.ts';
import { createQuotaScheduler } from './quota/scheduler.ts';
import { type PrepareContext, type PreparedRequest, prepareRequest } from './request/prepare.ts';
import { requestIdOf } from './response/error-body.ts';
import { pageOf } from './response/page.ts';
import { isWhole } from './response/page-body.ts';
import { createFlightSharing, type Flight, type Launch } from './sharing.ts';
import { transformRequestBody, transformResponseBody } from './transform/transform.ts';
import { encodeXml } from './transform/xml-body.ts';
import { createTransport, type ProxySettings, type Transport } from './transport/transport.ts';
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
  /** What sends requests, in place of the one transport over `proxy` and `limits`; closed with the client. */
  readonly transport?: Transport;
}

/** Different headers that are remembered: with others, equal requests are not made one. */
const MOST_HEADERS = 1000;

/** The one way to the API: requests, credentials, quota, retries, paging and the read gate. Close it to drop its connections. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock, random, userAgent } = options;
  const limits: HttpLimits = { ...DEFAULT_HTTP_LIMITS, ...options.limits };
  const steady: Clock = { now: clock.steady ?? clock.now, sleep: clock.sleep };
  const transport = options.transport ?? createTransport({ limits, proxy: options.proxy ?? {}, now: steady.now });
  const scheduler = createQuotaScheduler({
    clock: steady,
    random,
    ...(options.statsSink === undefined ? {} : { statsSink: options.statsSink }),
  });
  const services: ExchangeServices = {
    transport,
    quota: scheduler,
    clock,
    random,
    limits,
    headers: new WeakMap(),
    nonces: new Map(),
    answered: new Set(),
  };
  const sharing = createFlightSharing(createAbortListeners());
  /** Writes begun and ended, by org: a read does not share one that began before a write. */
  const epochs = new Map<string, number>();
  const context: PrepareContext = {
    userAgent,
    methods: new WeakMap(),
    transform: transformRequestBody,
    xml: encodeXml,
    graphQl: renderGraphQl,
    nextGraphQl: nextGraphQlPage,
    transformResponse: transformResponseBody,
  };

  const fetch = (call: MethodCall, request: PreparedRequest, onHead: (head: Head) => void, isPage: boolean): Flight => {
    const launch: Launch = (shared) =>
      exchange(
        services,
        call,
        request,
        isPage ? { ...shared, bucket: bucketOf(call), isUsable: isWhole } : { ...shared, bucket: bucketOf(call) },
      );
    return sharing.join(sharingKey(call, request, isPage), { onHead, signal: call.signal, observer: call.observer }, launch);
  };
  const sharingKey = ({ org }: MethodCall, { verb, url, body, headers }: PreparedRequest, isPage: boolean): string | undefined => {
    if (verb !== 'GET' || body !== undefined) return undefined;
    return `${org.provider}/${org.name} ${epochs.get(org.name) ?? 0} ${isPage} ${headerNumber(headers)} ${url.href}`;
  };
  const headerNumbers = new WeakMap<object, number>();
  const numbersByText = new Map<string, number>();
  let lastNumber = 0;
  /** The same for headers of the same names and values: a key is made and compared for every request. */
  const headerNumber = (headers: PreparedRequest['headers']): number => {
    let number = headerNumbers.get(headers);
    if (number === undefined) {
      const text = JSON.stringify(headers);
      number = numbersByText.get(text) ?? ++lastNumber;
      if (numbersByText.size >= MOST_HEADERS) numbersByText.clear();
      numbersByText.set(text, number);
      headerNumbers.set(headers, number);
    }
    return number;
  };

  const send = async (call: MethodCall): Promise<Answer> => {
    const request = prepareRequest(call, context);
    const { signal } = call;
    if (call.intent === 'read') {
      if (signal?.aborted) throw cancellation(signal);
      const answer = await fetch(call, request, () => {}, false).answer;
      pageOf(call, request, answer, context);
      return answer;
    }
    const turn = (): void => void epochs.set(call.org.name, (epochs.get(call.org.name) ?? 0) + 1);
    turn();
    try {
      return await exchange(services, call, request, { bucket: bucketOf(call), signal, observer: call.observer });
    } finally {
      turn();
    }
  };

  return {
    pages: (call, from) => readPages((one, request, onHead) => fetch(one, request, onHead, true), context, call, from),
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
