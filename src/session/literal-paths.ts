import { dirname } from 'node:path';
import { stringValue, tokenise } from '../sql/lexer.ts';

const READERS = /^(READ_(CSV|JSON|NDJSON|PARQUET)\w*|PARQUET_\w+)$/;

/**
 * Paths that stand literally in a text of the command line, where a file is read (`read_csv('x.csv')`) or written
 * (`COPY ... TO 'x.csv'`): the only ones that the engine may then reach. Of a pattern (`*.csv`) it is the folder.
 */
export function literalPaths(sql: string): readonly string[] {
  const tokens = tokenise(sql);
  const paths: string[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind !== 'word') continue;
    const next = tokens[index + 1];
    if (token.text === 'TO' && next?.kind === 'string') paths.push(stringValue(next));
    if (!READERS.test(token.text) || next?.text !== '(') continue;
    let at = index + 2;
    const isList = tokens[at]?.text === '[';
    if (isList) at++;
    for (; tokens[at]?.kind === 'string'; at += 2) {
      const path = tokens[at];
      if (path !== undefined) paths.push(stringValue(path));
      if (!isList || tokens[at + 1]?.text !== ',') break;
    }
  }
  return [...new Set(paths.filter((path) => path !== '' && !/^\w+:\/\//.test(path)).map(withoutPattern))];
}

function withoutPattern(path: string): string {
  const pattern = path.search(/[*?[{]/);
  return pattern < 0 ? path : dirname(`${path.slice(0, pattern)}x`);
}
