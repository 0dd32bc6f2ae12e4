import type { ExportOptions } from '../engine/types.ts';
import { stringValue, tokenise } from '../sql/lexer.ts';
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

/** `(FORMAT csv, HEADER false, ...)`; without FORMAT, what the file's name ends in. */
function copyOptions({ options, path }: CopyStatement): ExportOptions {
  const given = new Map<string, string>();
  if (options !== undefined) {
    for (const [name, ...value] of splitComma(tokenise(options.text))) {
      if (name === undefined) continue;
      const text = value.map((token) => (token.kind === 'string' ? stringValue(token) : token.text)).join('');
      given.set(name.text.toLowerCase(), text === '' ? 'true' : text);
    }
  }
  const unknown = [...given.keys()].find(
    (name) => !['format', 'header', 'delimiter', 'delim', 'sep', 'compression', 'row_group_size'].includes(name),
  );
  if (unknown !== undefined)
    throw new OrgqlError('unsupported_syntax', `COPY has no option ${unknown} here`, {
      hint: 'use FORMAT, HEADER, DELIMITER, COMPRESSION or ROW_GROUP_SIZE',
    });
  const named = given.get('format')?.toLowerCase() ?? /\.(csv|json|parquet)(\.\w+)?$/i.exec(path)?.[1]?.toLowerCase() ?? 'csv';
  const format = FORMATS.find((one) => one === named);
  if (format === undefined)
    throw new OrgqlError('unsupported_syntax', `COPY cannot write ${named}`, { hint: `use one of ${FORMATS.join(', ')}` });
  const delimiter = given.get('delimiter') ?? given.get('delim') ?? given.get('sep');
  const compression = given.get('compression');
  const rowGroupSize = given.get('row_group_size');
  if (rowGroupSize !== undefined && !/^[1-9]\d{0,8}$/.test(rowGroupSize))
    throw new OrgqlError('invalid_parameter_value', `ROW_GROUP_SIZE cannot be "${rowGroupSize}"`, {
      hint: 'Give a number of rows, such as 100000.',
    });
  return {
    format,
    ...(given.has('header') ? { header: !/^(false|0|off)$/i.test(given.get('header') ?? '') } : {}),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(compression === undefined ? {} : { compression }),
    ...(rowGroupSize === undefined ? {} : { rowGroupSize: Number(rowGroupSize) }),
  };
}
