import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** One recorded request with its response. */
export interface Recorded {
  readonly test: string;
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly requestBody: string;
  /** Media type of the request's body. */
  readonly requestType: 'application/json' | 'application/x-www-form-urlencoded';
  readonly status: number;
  readonly body: string;
  /** `Link` headers. */
  readonly links: readonly string[];
  /** Milliseconds; `undefined` if the response carried no date. */
  readonly time: number | undefined;
}

/** Reads a recording: JSON lines, gzipped or not, in the order in which they were made. */
export function readRecording(file: string): Recorded[] {
  const bytes = readFileSync(file);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => toRecorded(JSON.parse(line) as Line));
}

interface Line {
  readonly test?: string;
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly reqBody?: unknown;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
}

function toRecorded(line: Line): Recorded {
  const [path = '', inPath = ''] = line.path.split('?');
  const query: [string, string][] = [...new URLSearchParams(inPath)];
  for (const [name, given] of Object.entries(line.query ?? {})) {
    for (const value of typeof given === 'string' ? [given] : given) query.push([name, value]);
  }
  const isForm = path.startsWith('/oauth2/') && line.method === 'POST';
  const dates = line.headers?.date;
  const time = Date.parse((typeof dates === 'string' ? dates : dates?.[0]) ?? '');
  return {
    test: line.test ?? '',
    method: line.method.toUpperCase(),
    path,
    query,
    requestBody: textOf(line.reqBody, isForm),
    requestType: isForm ? 'application/x-www-form-urlencoded' : 'application/json',
    status: line.status,
    body: textOf(line.body, false),
    links: linksOf(line.headers?.link),
    time: Number.isNaN(time) ? undefined : time,
  };
}

function textOf(body: unknown, isForm: boolean): string {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  if (isForm && typeof body === 'object') return new URLSearchParams(body as Record<string, string>).toString();
  return JSON.stringify(body);
}

function linksOf(header: string | readonly string[] | undefined): readonly string[] {
  const lines = header === undefined ? [] : typeof header === 'string' ? [header] : header;
  return lines.flatMap((line) => line.split(/,\s*(?=<)/));
}
