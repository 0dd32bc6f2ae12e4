import { escapeForDisplay } from './escape.ts';
import type { MakeFormatter } from './format.ts';
import { type ColumnWriter, columnWriter } from './values.ts';
import { displayWidth, padToWidth } from './width.ts';

/** One line per value, rows under headings: for wide rows. */
export const verticalFormatter: MakeFormatter = (sink) => {
  let names: readonly string[] = [];
  let writers: readonly ColumnWriter[] = [];
  let count = 0;
  return {
    begin: async (columns) => {
      const plain = columns.map((column) => escapeForDisplay(column.name));
      const width = Math.max(0, ...plain.map(displayWidth));
      names = plain.map((name) => padToWidth(name, width, 'left'));
      writers = columns.map(columnWriter);
      count = 0;
    },
    rows: async (batch) => {
      let text = '';
      for (const row of batch) {
        count++;
        text += `-[ row ${count} ]-\n`;
        for (let index = 0; index < names.length; index++) {
          const value = row[index] ?? null;
          text += `${names[index]} | ${value === null ? 'NULL' : escapeForDisplay(writers[index]?.text(value) ?? '')}\n`;
        }
      }
      if (text !== '') await sink.write(text);
    },
    end: async () => {},
  };
};
