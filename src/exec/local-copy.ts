import type { ExportOptions } from '../engine/types.ts';
import { stringValue, type Token, tokenise } from '../sql/lexer.ts';
import type { Statement, TextSlice } from '../sql/statement.ts';
import { OrgqlError } from '../util/errors.ts';
import { splitComma } from './conditions.ts';
import type { Evaluation } from './expressions.ts';
import { queryInto } from './local-define.ts';
import type { LocalStore } from './local-store.ts';
import type { Cursor } from './types.ts';
import { cursorOf } from './write-cursor.ts';

type CopyStatement = Statement & { readonly kind: 'copy' };

/** `COPY (query) TO 'path'`: from the command line only. The file has its name when it is complete. */
export async function copyTo(evaluation: Evaluation, store: LocalStore, statement: CopyStatement): Promise<Cursor> {
  const span = { offset: statement.slice.offset, length: statement.slice.text.length };
  if (evaluation.options.allowFiles !== true) {
    throw new OrgqlError('forbidden_by_sandbox', 'COPY ... TO is not allowed here: it writes a file of this machine', {
      detail: 'It works on the command line, in a statement given to exec or shell',
      hint: 'use -f FILE and -o csv or json for the output of a query',
      span,
    });
  }
  const options = copyOptions(statement);
  await store.attached();
  const source: readonly (string | TextSlice)[] =
    statement.query !== undefined ? [statement.query] : ['SELECT * FROM ', statement.table ?? ''];
  const into = { path: statement.path, options };
  const receipt = await queryInto(evaluation, source, into, true);
  return cursorOf({
    kind: 'effect',
    command: 'COPY',
    receipt: evaluation.recorder.receipt(receipt.rows),
    message: `${receipt.rows} ${receipt.rows === 1 ? 'row' : 'rows'} written to ${statement.path}`,
  });
}

const FORMATS = ['csv', 'json', 'parquet'] as const;
type Format = (typeof FORMATS)[number];

/** Each option by its names, the first being the one that is told, and the formats that have it. */
const OPTIONS: readonly { readonly names: readonly [string, ...string[]]; readonly formats: readonly Format[] }[] = [
  { names: ['format'], formats: FORMATS },
  { names: ['header'], formats: ['csv'] },
  { names: ['delimiter', 'delim', 'sep'], formats: ['csv'] },
  { names: ['quote'], formats: ['csv'] },
  { names: ['escape'], formats: ['csv'] },
  { names: ['nullstr', 'null'], formats: ['csv'] },
  { names: ['force_quote'], formats: ['csv'] },
  { names: ['dateformat', 'date_format'], formats: ['csv', 'json'] },
  { names: ['timestampformat', 'timestamp_format'], formats: ['csv', 'json'] },
  { names: ['array'], formats: ['json'] },
  { names: ['row_group_size'], formats: ['parquet'] },
  { names: ['compression'], formats: FORMATS },
];
const TEXTS = ['QUOTE', 'ESCAPE', 'NULLSTR', 'DATEFORMAT', 'TIMESTAMPFORMAT'] as const;

/** `(FORMAT csv, HEADER false, ...)`; what is not given is told by the end of the file's name. */
function copyOptions(statement: CopyStatement): ExportOptions {
  const { path } = statement;
  const given = givenOptions(statement);
  const text = (name: string): string | undefined => {
    const tokens = given.get(name);
    return tokens?.length === 0 ? 'true' : tokens?.map(written).join('');
  };
  const [, end, packed] = /\.(csv|json|jsonl|ndjson|parquet)(?:\.(\w+))?$/i.exec(path) ?? [];
  const named = (text('format') ?? end ?? 'csv').toLowerCase();
  const isLines = named === 'jsonl' || named === 'ndjson';
  const format = isLines ? 'json' : FORMATS.find((one) => one === named);
  if (format === undefined)
    throw new OrgqlError('unsupported_syntax', `COPY cannot write ${named}`, { hint: `use one of ${FORMATS.join(', ')}, jsonl` });
  const known = OPTIONS.filter(({ formats }) => formats.includes(format)).map(({ names }) => names[0]);
  const unknown = [...given.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new OrgqlError('unsupported_syntax', `COPY to ${named} has no option ${unknown.toUpperCase()} here`, {
      hint: `use ${known.map((name) => name.toUpperCase()).join(', ')}`,
    });
  const rowGroupSize = text('row_group_size');
  if (rowGroupSize !== undefined && !/^[1-9]\d{0,8}$/.test(rowGroupSize))
    throw new OrgqlError('invalid_parameter_value', `ROW_GROUP_SIZE cannot be "${rowGroupSize}"`, {
      hint: 'Give a number of rows, such as 100000.',
    });
  const delimiter = text('delimiter');
  const compression = compressionOf(text('compression'), format, packed);
  const texts = TEXTS.flatMap((name) => {
    const value = text(name.toLowerCase());
    return value === undefined ? [] : [[name, value] as const];
  });
  const forceQuote = given.get('force_quote');
  return {
    format,
    ...(given.has('header') ? { header: isTrue(text('header')) } : {}),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(forceQuote === undefined ? {} : { forceQuote: columnsOf(forceQuote) }),
    ...(texts.length === 0 ? {} : { texts: Object.fromEntries(texts) }),
    ...(given.has('array') || isLines ? { array: given.has('array') && isTrue(text('array')) } : {}),
    ...(compression === undefined ? {} : { compression }),
    ...(rowGroupSize === undefined ? {} : { rowGroupSize: Number(rowGroupSize) }),
  };
}

/** What follows each option's name, by its first name. */
function givenOptions({ options }: CopyStatement): Map<string, readonly Token[]> {
  const given = new Map<string, readonly Token[]>();
  if (options === undefined) return given;
  for (const [name, ...value] of splitComma(tokenise(options.text))) {
    if (name === undefined) continue;
    const lower = name.text.toLowerCase();
    given.set(OPTIONS.find(({ names }) => names.includes(lower))?.names[0] ?? lower, value);
  }
  return given;
}

/** As the engine does where COMPRESSION is not given, or `auto`: by the end of the name, which the file has only at last. */
function compressionOf(given: string | undefined, format: Format, packed: string | undefined): string | undefined {
  const named = given?.toLowerCase();
  if (named !== undefined && !/^(auto|auto_detect|infer)$/.test(named))
    return /^(none|uncompressed)$/.test(named) && format !== 'parquet' ? undefined : named;
  if (format === 'parquet') return undefined;
  return packed === undefined ? undefined : { gz: 'gzip', zst: 'zstd' }[packed.toLowerCase()];
}

/** `*`, or names in parentheses. */
function columnsOf(tokens: readonly Token[]): '*' | readonly string[] {
  if (tokens.length === 1 && tokens[0]?.text === '*') return '*';
  return tokens.filter(({ kind }) => ['word', 'quoted', 'string'].includes(kind)).map(written);
}

function written(token: Token): string {
  if (token.kind === 'string') return stringValue(token);
  return token.kind === 'quoted' ? token.text.slice(1, -1).replaceAll('""', '"') : token.text;
}

function isTrue(text: string | undefined): boolean {
  return !/^(false|0|off|no)$/i.test(text ?? '');
}
