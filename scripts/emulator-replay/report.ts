import type { Outcome } from './replay.ts';

/** Figures of one endpoint, or of all. */
export interface Figures {
  readonly endpoint: string;
  readonly requests: number;
  readonly statuses: number;
  /** Responses with an error code on either side, and how many of them agree. */
  readonly errors: number;
  readonly codes: number;
  readonly keys: number;
  /** Requests whose body was made from the response, since the recording kept none. */
  readonly made: number;
  /** Agreeing key sets in which a list is empty on one side. */
  readonly partial: number;
}

export function figuresOf(endpoint: string, outcomes: readonly Outcome[]): Figures {
  return {
    endpoint,
    requests: outcomes.length,
    statuses: outcomes.filter((one) => one.isStatusSame).length,
    errors: outcomes.filter((one) => one.isCodeSame !== undefined).length,
    codes: outcomes.filter((one) => one.isCodeSame === true).length,
    keys: outcomes.filter((one) => one.isKeysSame).length,
    made: outcomes.filter((one) => one.isBodyMade).length,
    partial: outcomes.filter((one) => one.isKeysSame && one.isPartial).length,
  };
}

/** Outcomes in scope, by endpoint in order of path. */
export function byEndpoint(outcomes: readonly Outcome[]): Map<string, Outcome[]> {
  const groups = new Map<string, Outcome[]>();
  for (const one of outcomes) {
    if (one.endpoint === undefined) continue;
    const group = groups.get(one.endpoint);
    if (group === undefined) groups.set(one.endpoint, [one]);
    else group.push(one);
  }
  const order = (endpoint: string): string => endpoint.split(' ').reverse().join(' ');
  return new Map([...groups].sort(([a], [b]) => (order(a) < order(b) ? -1 : 1)));
}

/** The report as text: a line for each endpoint, what differs below it, the sums last. */
export function reportText(outcomes: readonly Outcome[], options: { readonly bodies: boolean }): string {
  const lines: string[] = ['requests  statuses  codes  keys  endpoint'];
  for (const [endpoint, group] of byEndpoint(outcomes)) {
    const figures = figuresOf(endpoint, group);
    lines.push(
      `${cell(figures.requests, 8)}  ${cell(figures.statuses, 8)}  ${cell(`${figures.codes}/${figures.errors}`, 5)}  ${cell(figures.keys, 4)}  ${endpoint}`,
    );
    for (const [text, count] of differing(group, options.bodies)) lines.push(`${' '.repeat(33)}${count > 1 ? `${count} x ` : ''}${text}`);
  }
  const inScope = outcomes.filter((one) => one.endpoint !== undefined);
  const sums = figuresOf('', inScope);
  lines.push(
    '',
    `${sums.requests} of ${outcomes.length} requests in scope; ${sums.made} had no recorded body and were sent with one made from the response.`,
    `statuses agree   ${part(sums.statuses, sums.requests)}`,
    `error codes agree ${part(sums.codes, sums.errors)}`,
    `key sets agree   ${part(sums.keys, sums.requests)}; in ${sums.partial} of these a list is empty on one side and its items are not compared`,
  );
  return lines.join('\n');
}

function differing(group: readonly Outcome[], bodies: boolean): Map<string, number> {
  const found = new Map<string, number>();
  for (const one of group) {
    const parts: string[] = [];
    if (!one.isStatusSame)
      parts.push(`status ${one.recorded.status} recorded, ${one.status} here${one.status >= 400 ? ` (${summary(one.body)})` : ''}`);
    else if (one.isCodeSame === false) parts.push(`another error: ${summary(one.recorded.body)} recorded, ${summary(one.body)} here`);
    if (one.isStatusSame && !one.isKeysSame)
      parts.push(`keys ${one.differences.slice(0, 12).join(' ')}${one.differences.length > 12 ? ' ...' : ''}`);
    if (parts.length === 0) continue;
    if (bodies)
      parts.push(
        `\n  ${one.recorded.test}\n  ${one.recorded.method} ${one.url}\n  sent ${one.recorded.requestBody}\n  recorded ${one.recorded.body}\n  here     ${one.body}`,
      );
    const text = parts.join('; ');
    found.set(text, (found.get(text) ?? 0) + 1);
  }
  return found;
}

function summary(body: string): string {
  const causes = /"errorCauses":\[\{"errorSummary":"([^"]*)"/.exec(body)?.[1];
  const code = /"errorCode":"([^"]*)"/.exec(body)?.[1] ?? /"error":"([^"]*)"/.exec(body)?.[1] ?? 'no code';
  const text = /"errorSummary":"([^"]*)"/.exec(body)?.[1] ?? '';
  return [code, text, causes].filter((item) => item !== undefined && item !== '').join(': ');
}

function cell(value: number | string, width: number): string {
  return String(value).padStart(width);
}

function part(count: number, of: number): string {
  return `${count} of ${of} (${of === 0 ? '100.0' : ((100 * count) / of).toFixed(1)} %)`;
}
