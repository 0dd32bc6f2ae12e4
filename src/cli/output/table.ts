import type { EngineColumn } from '../../engine/types.ts';
import { escapeForDisplay } from './escape.ts';
import type { FormatOptions, Formatter, MakeFormatter, Row } from './format.ts';
import type { Sink } from './sink.ts';
import { type ColumnWriter, columnWriter } from './values.ts';
import { displayWidth, fitWidths, padToWidth, truncateToWidth } from './width.ts';

/** Rows that are looked at before widths are fixed, and how long they are waited for. Later rows keep these widths. */
const SAMPLE_ROWS = 1000;
const SAMPLE_MS = 300;
const LEAST_WIDTH = 4;

/** Aligned columns. On a terminal they fit its width, longer values end in `…`; elsewhere nothing is cut. */
export const tableFormatter: MakeFormatter = (sink, options) =>
  sampled(sink, options, {
    separator: ' | ',
    edge: ['', ''],
    rule: (widths) => widths.map((width) => '-'.repeat(width)).join('-+-'),
    escape: escapeForDisplay,
    width: sink.width,
    canColour: sink.useColour,
    hasHeader: options.hasHeader,
  });

/** A Markdown table. `|` and what Markdown or HTML would act on is escaped. */
export const markdownFormatter: MakeFormatter = (sink, options) =>
  sampled(sink, options, {
    separator: ' | ',
    edge: ['| ', ' |'],
    rule: (widths, isNumeric) =>
      `| ${widths.map((width, index) => (isNumeric[index] ? `${'-'.repeat(Math.max(width - 1, 2))}:` : '-'.repeat(Math.max(width, 3)))).join(' | ')} |`,
    escape: (text) => escapeForDisplay(text).replace(/[\\|`*_<>[\]&]/g, '\\$&'),
    width: undefined,
    canColour: false,
    // Markdown has no table without one.
    hasHeader: true,
  });

interface Style {
  readonly separator: string;
  readonly edge: readonly [string, string];
  readonly rule: (widths: readonly number[], isNumeric: readonly boolean[]) => string;
  readonly escape: (text: string) => string;
  readonly width: number | undefined;
  readonly canColour: boolean;
  readonly hasHeader: boolean;
}

const NULL_TEXT = 'NULL';

function sampled(sink: Sink, options: FormatOptions, style: Style): Formatter {
  let columns: readonly EngineColumn[] = [];
  let writers: readonly ColumnWriter[] = [];
  let widths: readonly number[] | undefined;
  let held: { readonly texts: readonly string[]; readonly row: Row }[] = [];
  let heldSince: number | undefined;

  const cells = (row: Row): string[] =>
    writers.map((writer, index) => {
      const value = row[index] ?? null;
      return value === null ? NULL_TEXT : style.escape(writer.text(value));
    });

  const hold = (row: Row): void => {
    held.push({ texts: cells(row), row });
  };

  /** One line; `row` is `undefined` for the header. */
  const line = (texts: readonly string[], fixed: readonly number[], row: Row | undefined): string => {
    const last = texts.length - 1;
    const padded = texts.map((text, index) => {
      const fitted = style.width === undefined ? text : truncateToWidth(text, fixed[index] ?? 0);
      const align = writers[index]?.isNumeric ? 'right' : 'left';
      // No spaces at the end of a line, unless an edge follows.
      const filled = index === last && align === 'left' && style.edge[1] === '' ? fitted : padToWidth(fitted, fixed[index] ?? 0, align);
      if (!style.canColour) return filled;
      if (row === undefined) return `\u001b[1m${filled}\u001b[22m`;
      return (row[index] ?? null) === null ? `\u001b[2m${filled}\u001b[22m` : filled;
    });
    return `${style.edge[0]}${padded.join(style.separator)}${style.edge[1]}\n`;
  };

  const fixWidths = (): string => {
    const names = columns.map((column) => style.escape(column.name));
    const wanted = names.map((name, index) =>
      held.reduce(
        (most, row) => Math.max(most, displayWidth(row.texts[index] ?? '')),
        Math.max(displayWidth(name), style.edge[0] === '' ? 1 : 3),
      ),
    );
    const available = style.width === undefined ? undefined : style.width - style.separator.length * (wanted.length - 1);
    const total = wanted.reduce((sum, width) => sum + width, 0);
    const fixed = available === undefined || total <= available ? wanted : fitWidths(wanted, available, LEAST_WIDTH);
    widths = fixed;
    let text = style.hasHeader
      ? `${line(names, fixed, undefined)}${style.rule(
          fixed,
          writers.map((writer) => writer.isNumeric),
        )}\n`
      : '';
    for (const { texts, row } of held) text += line(texts, fixed, row);
    held = [];
    return text;
  };

  return {
    begin: async (given) => {
      columns = given;
      writers = given.map(columnWriter);
      widths = undefined;
      held = [];
      heldSince = undefined;
    },
    rows: async (batch) => {
      if (batch.length === 0) return;
      let text = '';
      let start = 0;
      if (widths === undefined) {
        heldSince ??= options.clock();
        for (; start < batch.length && held.length < SAMPLE_ROWS; start++) hold(batch[start] ?? []);
        if (held.length < SAMPLE_ROWS && (!sink.isTerminal || options.clock() - heldSince < SAMPLE_MS)) return;
        text = fixWidths();
      }
      const fixed = widths ?? [];
      for (; start < batch.length; start++) {
        const row = batch[start] ?? [];
        text += line(cells(row), fixed, row);
      }
      await sink.write(text);
    },
    end: async () => {
      if (widths === undefined) await sink.write(fixWidths());
    },
  };
}
