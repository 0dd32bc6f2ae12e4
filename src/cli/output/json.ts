import { escapeJsonText } from './escape.ts';
import type { MakeFormatter } from './format.ts';
import { type ColumnWriter, columnWriter } from './values.ts';

/** One JSON array of objects, a row a line. Duplicate column names get a number, so that no value is lost. */
export const jsonFormatter: MakeFormatter = (sink) => {
  let write: (row: readonly never[]) => string = () => '';
  let isFirst = true;
  return {
    begin: async (columns) => {
      write = objectWriter(columns);
      isFirst = true;
    },
    rows: async (batch) => {
      let text = '';
      for (const row of batch) {
        text += `${isFirst ? '[' : ',\n'}${write(row as readonly never[])}`;
        isFirst = false;
      }
      if (text !== '') await sink.write(text);
    },
    end: async () => sink.write(isFirst ? '[]\n' : ']\n'),
  };
};

/** One JSON object a line. */
export const jsonLinesFormatter: MakeFormatter = (sink) => {
  let write: (row: readonly never[]) => string = () => '';
  return {
    begin: async (columns) => {
      write = objectWriter(columns);
    },
    rows: async (batch) => {
      let text = '';
      for (const row of batch) text += `${write(row as readonly never[])}\n`;
      if (text !== '') await sink.write(text);
    },
    end: async () => {},
  };
};

function objectWriter(columns: Parameters<ReturnType<MakeFormatter>['begin']>[0]): (row: readonly never[]) => string {
  const keys = uniqueNames(columns.map((column) => column.name)).map((name) => `${escapeJsonText(JSON.stringify(name))}:`);
  const writers: readonly ColumnWriter[] = columns.map(columnWriter);
  return (row) => {
    let text = '{';
    for (let index = 0; index < writers.length; index++) {
      text += `${index === 0 ? '' : ','}${keys[index]}${writers[index]?.json(row[index] ?? null)}`;
    }
    return `${text}}`;
  };
}

/** `id, id, id_1` -> `id, id_2, id_1`: JSON keys must differ. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let count = 2; seen.has(unique); count++) {
      const candidate = `${name}_${count}`;
      if (!taken.has(candidate)) unique = candidate;
    }
    seen.add(unique);
    taken.add(unique);
    return unique;
  });
}
