import { OrgqlError } from '../util/errors.ts';
import { type Token, tokenise } from './lexer.ts';
import type { TextSlice } from './statement.ts';

/** One statement of a script: its text without surrounding space and comments, and its tokens, placed in the whole script. */
export interface StatementTokens {
  readonly slice: TextSlice;
  readonly tokens: readonly Token[];
}

/** The statements of a script, which semicolons part; empty ones fall away. Throws `syntax_error` for what is not closed. */
export function splitStatements(script: string): StatementTokens[] {
  const nul = script.indexOf('\0');
  // The engine's texts end at one, so that what follows would be left out in silence.
  if (nul >= 0)
    throw new OrgqlError('syntax_error', 'SQL cannot hold the character NUL', {
      span: { offset: nul, length: 1 },
      source: script,
      hint: 'take it out, or write chr(0) where a value needs it',
    });
  const statements: StatementTokens[] = [];
  let tokens: Token[] = [];
  const finish = (): void => {
    const first = tokens[0];
    const last = tokens.at(-1);
    if (first !== undefined && last !== undefined) {
      statements.push({ slice: { text: script.slice(first.start, last.end), offset: first.start }, tokens });
    }
    tokens = [];
  };
  for (const token of tokenise(script)) {
    if (token.kind === 'symbol' && token.text === ';') finish();
    else tokens.push(token);
  }
  finish();
  return statements;
}
