import { csvFormatter, textFormatter, tsvFormatter } from './delimited.ts';
import type { MakeFormatter } from './format.ts';
import { jsonFormatter, jsonLinesFormatter } from './json.ts';
import { markdownFormatter, tableFormatter } from './table.ts';
import { verticalFormatter } from './vertical.ts';

/** Every output format by its name: `-o NAME`. */
export const FORMATS = {
  table: { make: tableFormatter, description: 'aligned columns, fitted to the terminal' },
  json: { make: jsonFormatter, description: 'one array of objects; numbers, objects and arrays keep their types' },
  jsonl: { make: jsonLinesFormatter, description: 'one JSON object a line' },
  csv: { make: csvFormatter, description: 'comma-separated with a header (RFC 4180)' },
  tsv: { make: tsvFormatter, description: 'tab-separated with a header, \\N for NULL' },
  markdown: { make: markdownFormatter, description: 'a Markdown table' },
  vertical: { make: verticalFormatter, description: 'one value a line' },
  text: { make: textFormatter, description: 'bare values, tab-separated, no header' },
} as const satisfies Record<string, { make: MakeFormatter; description: string }>;

export type FormatName = keyof typeof FORMATS;

/** Names that other tools give to these formats. */
export const FORMAT_ALIASES: Readonly<Record<string, FormatName>> = { pptable: 'table', pretty: 'table', ndjson: 'jsonl', md: 'markdown' };

/** The format of a name or alias, or `undefined`. */
export function findFormat(name: string): FormatName | undefined {
  const lower = name.toLowerCase();
  return Object.hasOwn(FORMATS, lower) ? (lower as FormatName) : FORMAT_ALIASES[lower];
}
