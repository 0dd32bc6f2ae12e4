import type { StatementBody, TextSlice } from './statement.ts';
import { isSymbol, isWord, type StatementReader } from './statement-reader.ts';

/** `EXEC relation.method [@name = expression, ...] [@@json = expression] [FOR EACH (query)]`. A comma between parameters may be left out, as it is in StackQL's published examples. */
export function parseExec(reader: StatementReader): StatementBody {
  reader.expect('EXEC');
  const start = reader.position;
  const method = reader.name('a method, such as okta.user.users.suspend');
  if (method.parts.length < 2)
    throw reader.error(
      start,
      `"${method.text}" is no method: its relation is missing`,
      `write relation.${method.text}, such as okta.user.users.suspend`,
    );
  const parameters: { readonly name: string; readonly slice: TextSlice; readonly value: TextSlice }[] = [];
  let json: TextSlice | undefined;
  let forEach: TextSlice | undefined;
  while (!reader.atEnd) {
    if (reader.accept('FOR', 'EACH')) {
      forEach = reader.parenthesised('a query');
      break;
    }
    const at = reader.position;
    if (!isParameter(reader, at))
      throw reader.unexpected(
        parameters.length === 0 && json === undefined ? '@parameter or FOR EACH' : 'a comma and a @parameter, or FOR EACH',
        ['FOR'],
      );
    const isJson = isSymbol(reader.peek(), '@@');
    const token = reader.peek(1);
    const name = token === undefined ? '' : token.kind === 'word' ? reader.source.slice(token.start, token.end) : token.text.slice(1, -1);
    if (isJson && name.toLowerCase() !== 'json')
      throw reader.error(at + 1, `There is no option "@@${name}"`, 'the body of a request is @@json; a parameter has one @');
    reader.position += 2;
    reader.expectSymbol('=');
    const value = reader.until(endsValue, 'a value');
    const slice = reader.sliceOf(at, reader.position);
    if (isJson) {
      if (json !== undefined) throw reader.error(at, '@@json is given twice');
      json = value;
    } else {
      if (parameters.some((parameter) => parameter.name.toLowerCase() === name.toLowerCase()))
        throw reader.error(at + 1, `@${name} is given twice`);
      parameters.push({ name, slice, value });
    }
    if (reader.acceptSymbol(',') && (reader.atEnd || !isParameter(reader, reader.position))) {
      throw reader.unexpected('a @parameter after the comma');
    }
  }
  return { kind: 'exec', method, parameters, json, forEach };
}

/** `@name` or `@@name` in one piece. */
function isParameter(reader: StatementReader, position: number): boolean {
  const mark = reader.tokens[position];
  const name = reader.tokens[position + 1];
  if (!(isSymbol(mark, '@') || isSymbol(mark, '@@')) || name === undefined || mark?.end !== name.start) return false;
  return name.kind === 'word' || name.kind === 'quoted' || name.kind === 'backtick';
}

function endsValue(reader: StatementReader, position: number): boolean {
  const token = reader.tokens[position];
  if (isSymbol(token, ',')) return true;
  if (isWord(token, 'FOR') && isWord(reader.tokens[position + 1], 'EACH')) return true;
  return isParameter(reader, position) && isSymbol(reader.tokens[position + 2], '=');
}
