import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SqlValue } from '../engine/types.ts';
import { OrgqlError } from '../util/errors.ts';
import type { Io } from './io.ts';
import { ioError } from './print-error.ts';

/** The SQL of a command: its argument, `-i FILE`, or the standard input. `undefined` where there is none and a person sits at the terminal. */
export async function readSql(io: Io, argument: string | undefined, infile: string | undefined): Promise<string | undefined> {
  if (argument !== undefined && argument !== '-' && infile !== undefined) {
    throw new OrgqlError('usage', 'SQL is given both as an argument and by -i', { hint: 'leave one of them out' });
  }
  const text = argument !== undefined && argument !== '-' ? argument : await readSource(io, infile, argument === '-');
  if (text === undefined) return undefined;
  const sql = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (sql.trim() === '')
    throw new OrgqlError('usage', 'There is no SQL to run', {
      detail: 'the text given is empty',
      hint: 'for example:  orgql exec "SELECT id, status FROM okta.user.users LIMIT 5"',
    });
  return sql;
}

async function readSource(io: Io, infile: string | undefined, isStdinAsked: boolean): Promise<string | undefined> {
  if (infile !== undefined && infile !== '-') {
    const bytes = await readFile(resolve(io.cwd, infile)).catch((error: NodeJS.ErrnoException) => {
      throw ioError(error, `Cannot read ${infile}`);
    });
    return decodeSql(bytes, infile);
  }
  if (io.stdin.isTTY === true && !isStdinAsked && infile === undefined) return undefined;
  const pieces: Buffer[] = [];
  for await (const piece of io.stdin) pieces.push(Buffer.from(piece));
  return decodeSql(Buffer.concat(pieces), 'the standard input');
}

/** UTF-8, or UTF-16 where a mark says so, as PowerShell writes it. Anything else is refused: a replaced character is another condition. */
function decodeSql(bytes: Buffer, name: string): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const whole = bytes.toString('utf8');
    const place = whole.indexOf('\ufffd');
    const before = whole.slice(0, Math.max(place, 0));
    throw new OrgqlError('usage', `The SQL of ${name} is not UTF-8`, {
      detail: isUtf16
        ? 'it is cut off UTF-16'
        : `line ${before.split('\n').length}, column ${before.length - before.lastIndexOf('\n')} holds bytes of another encoding`,
      hint: 'save it as UTF-8',
      cause,
    });
  }
}

/** `--param name=value` (text) and `--param name:=value` (a number, true, false or null). */
export function parseParameters(given: readonly string[]): Record<string, SqlValue> {
  const parameters: Record<string, SqlValue> = {};
  for (const text of given) {
    const match = /^\$?([A-Za-z_][A-Za-z0-9_]*|\d+)(:?=)(.*)$/s.exec(text);
    if (match === null) {
      throw new OrgqlError('usage', `--param "${text}" is not name=value`, {
        hint: 'write --param status=ACTIVE for $status, or --param n:=5 for the number 5',
      });
    }
    const [, name = '', sign, value = ''] = match;
    parameters[name] = sign === '=' ? value : typedValue(name, value);
  }
  return parameters;
}

function typedValue(name: string, text: string): SqlValue {
  if (text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?\d+$/.test(text)) {
    const big = BigInt(text);
    return big >= BigInt(Number.MIN_SAFE_INTEGER) && big <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(big) : big;
  }
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw new OrgqlError('usage', `--param ${name}:= needs a number, true, false or null`, {
    detail: `"${text}" is none of these`,
    hint: `for text write --param ${name}=${text}`,
  });
}
