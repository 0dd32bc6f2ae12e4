import type { EngineColumn, SqlValue } from '../../engine/types.ts';
import { escapeForDisplay, neutraliseFormula } from './escape.ts';
import type { FormatOptions, MakeFormatter, Row } from './format.ts';
import type { Sink } from './sink.ts';
import { columnWriter } from './values.ts';

/** RFC 4180 with a header line and `\n` line ends. NULL is an empty field, an empty text is `""`. */
export const csvFormatter: MakeFormatter = (sink, options) => {
  const mustQuote = new RegExp(`["\\r\\n${escapeForClass(options.delimiter)}]|^\\s|\\s$`);
  const quote = (text: string): string => (text === '' || mustQuote.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return delimited(sink, options, options.delimiter, (text) => quote(prepare(text, sink, options)), '');
};

/** Tab-separated with a header line; tab, line break and backslash stand as `\t`, `\n`, `\\`. NULL is `\N`, as in PostgreSQL's COPY. */
export const tsvFormatter: MakeFormatter = (sink, options) =>
  delimited(sink, options, '\t', (text) => escapeTabbed(prepare(text, sink, options)), '\\N');

/** Bare values, tab-separated, without header: for shell pipelines. NULL is empty. */
export const textFormatter: MakeFormatter = (sink, options) =>
  delimited(sink, { ...options, hasHeader: false }, '\t', (text) => escapeTabbed(prepare(text, sink, options)), '');

function delimited(sink: Sink, options: FormatOptions, delimiter: string, field: (text: string) => string, missing: string) {
  let line: (row: Row) => string = () => '';
  return {
    begin: async (columns: readonly EngineColumn[]) => {
      const writers = columns.map(columnWriter);
      line = (row) => {
        let text = '';
        for (let index = 0; index < writers.length; index++) {
          const value: SqlValue = row[index] ?? null;
          if (index > 0) text += delimiter;
          text += value === null ? missing : numericOr(field, value, writers[index]?.text(value) ?? '');
        }
        return `${text}\n`;
      };
      if (options.hasHeader) await sink.write(`${columns.map((column) => field(column.name)).join(delimiter)}\n`);
    },
    rows: async (batch: readonly Row[]) => {
      let text = '';
      for (const row of batch) text += line(row);
      if (text !== '') await sink.write(text);
    },
    end: async () => {},
  };
}

/** A number is no formula, whatever its sign. */
function numericOr(field: (text: string) => string, value: SqlValue, text: string): string {
  return typeof value === 'number' || typeof value === 'bigint' ? text : field(text);
}

function prepare(text: string, sink: Sink, options: FormatOptions): string {
  const safe = options.isCsvSafe ? neutraliseFormula(text) : text;
  return sink.isTerminal ? escapeForDisplay(safe) : safe;
}

function escapeTabbed(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (character) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[character] ?? character);
}

function escapeForClass(text: string): string {
  return text.replace(/[\\\]^-]/g, '\\$&');
}
