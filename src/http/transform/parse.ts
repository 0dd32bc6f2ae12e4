import { OrgqlError } from '../../util/errors.ts';
import type { Node, Operand, Pipeline, Template } from './syntax.ts';

interface Piece {
  readonly kind: 'text' | 'action';
  readonly text: string;
}

/** Parses a template. Throws `invalid_provider` where it is not well-formed. @see https://pkg.go.dev/text/template */
export function parseTemplate(source: string): Template {
  const pieces = cut(source);
  const named = new Map<string, readonly Node[]>();
  let index = 0;

  // Reads up to `end` or `else`, and says which.
  const block = (): { readonly nodes: readonly Node[]; readonly ending: string | undefined } => {
    const nodes: Node[] = [];
    while (index < pieces.length) {
      const piece = pieces[index++];
      if (piece === undefined) break;
      if (piece.kind === 'text') {
        if (piece.text !== '') nodes.push({ kind: 'text', text: piece.text });
        continue;
      }
      const keyword = /^([a-z]+)\b/.exec(piece.text)?.[1];
      const rest = piece.text.slice(keyword?.length ?? 0).trim();
      switch (keyword) {
        case 'end':
          return { nodes, ending: 'end' };
        case 'else':
          return { nodes, ending: piece.text };
        case 'if':
        case 'with':
        case 'range':
          nodes.push(branch(keyword, rest));
          break;
        case 'define':
          named.set(stringLiteral(rest), block().nodes);
          break;
        case 'block':
        case 'template': {
          const [, name = '', argument = ''] = /^("(?:[^"\\]|\\.)*"|`[^`]*`)\s*([\s\S]*)$/.exec(rest) ?? [];
          if (keyword === 'block') named.set(stringLiteral(name), block().nodes);
          nodes.push({ kind: 'template', name: stringLiteral(name), pipeline: argument === '' ? undefined : parsePipeline(argument) });
          break;
        }
        case 'break':
        case 'continue':
          if (rest === '') {
            nodes.push({ kind: keyword });
            break;
          }
          nodes.push({ kind: 'output', pipeline: parsePipeline(piece.text) });
          break;
        default:
          nodes.push({ kind: 'output', pipeline: parsePipeline(piece.text) });
      }
    }
    return { nodes, ending: undefined };
  };

  const branch = (kind: 'if' | 'with' | 'range', condition: string): Node => {
    const pipeline = parsePipeline(condition);
    const { nodes: body, ending } = block();
    if (ending === undefined) throw fault('an action is not ended', condition);
    if (ending === 'end') return { kind, pipeline, body, otherwise: [] };
    const chained = /^else\s+(if|with)\s+([\s\S]*)$/.exec(ending);
    // `else if` shares the `end` of its `if`.
    if (chained !== null) return { kind, pipeline, body, otherwise: [branch(chained[1] as 'if' | 'with', chained[2] ?? '')] };
    return { kind, pipeline, body, otherwise: block().nodes };
  };

  const main = block();
  if (main.ending !== undefined) throw fault('unexpected action', main.ending);
  return { main: main.nodes, named };
}

/** Text and actions; `{{-` and `-}}` take the blanks beside them away, comments vanish. */
function cut(source: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  let trimsNext = false;
  const addText = (raw: string, trimsEnd: boolean): void => {
    let text = trimsNext ? raw.trimStart() : raw;
    if (trimsEnd) text = text.trimEnd();
    pieces.push({ kind: 'text', text });
  };
  for (;;) {
    const open = source.indexOf('{{', position);
    if (open < 0) break;
    const trimsBefore = /^\{\{-\s/.test(source.slice(open, open + 4));
    addText(source.slice(position, open), trimsBefore);
    const start = open + (trimsBefore ? 3 : 2);
    const close = endOfAction(source, start);
    const trimsAfter = /\s-$/.test(source.slice(start, close));
    trimsNext = trimsAfter;
    const action = source.slice(start, trimsAfter ? close - 1 : close).trim();
    if (!action.startsWith('/*')) pieces.push({ kind: 'action', text: action });
    position = close + 2;
  }
  addText(source.slice(position), false);
  return pieces;
}

// `}}` may stand inside a literal.
function endOfAction(source: string, start: number): number {
  const token = /\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*'|\}\}/g;
  token.lastIndex = start;
  for (let match = token.exec(source); match !== null; match = token.exec(source)) if (match[0] === '}}') return match.index;
  throw fault('an action is not closed', source.slice(start, start + 40));
}

const TOKEN = /\s+|"(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)*'|:=|[=|(),]|-?\d[\w.+-]*|\$\w*(?:\.\w+)*|\)(?:\.\w+)*|(?:\.\w+)+|\.|\w+/gy;

function tokens(text: string): readonly string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    // A path after a parenthesis belongs to it: `(index . 0).name`.
    const match = TOKEN.exec(text);
    if (match === null) throw fault('unexpected character', text.slice(at));
    const [token] = match;
    const previous = found.at(-1);
    if (/^(\.\w+)+$/.test(token) && previous === ')' && text[at - 1] === ')') found[found.length - 1] = `)${token}`;
    else found.push(/^\s+$/.test(token) ? ' ' : token);
  }
  return found.filter((token) => token !== ' ');
}

export function parsePipeline(text: string): Pipeline {
  const list = tokens(text);
  let index = 0;

  const pipeline = (): Pipeline => {
    const variables: string[] = [];
    let declares = false;
    const assignment = list.slice(index, index + 4);
    const operatorAt = assignment.findIndex((token) => token === ':=' || token === '=');
    if (operatorAt > 0 && assignment.slice(0, operatorAt).every((token) => token === ',' || /^\$\w+$/.test(token))) {
      variables.push(...assignment.slice(0, operatorAt).filter((token) => token !== ','));
      declares = assignment[operatorAt] === ':=';
      index += operatorAt + 1;
    }
    const commands: Operand[][] = [[]];
    while (index < list.length) {
      const token = list[index];
      if (token === undefined || token.startsWith(')')) break;
      index++;
      if (token === '|') commands.push([]);
      else commands.at(-1)?.push(operand(token));
    }
    if (commands.some((command) => command.length === 0)) throw fault('an empty command', text);
    return { variables, declares, commands };
  };

  const operand = (token: string): Operand => {
    if (token === '(') {
      const inner = pipeline();
      const close = list[index++];
      if (close === undefined) throw fault('a parenthesis is not closed', text);
      return { kind: 'group', pipeline: inner, path: close.split('.').slice(1) };
    }
    if (/^["`]/.test(token)) return { kind: 'literal', value: stringLiteral(token) };
    if (token.startsWith("'")) return { kind: 'literal', value: stringLiteral(`"${token.slice(1, -1)}"`).codePointAt(0) ?? 0 };
    if (/^-?\d/.test(token)) return { kind: 'literal', value: Number(token) };
    if (token === 'true' || token === 'false') return { kind: 'literal', value: token === 'true' };
    if (token === 'nil') return { kind: 'literal', value: null };
    if (token.startsWith('$')) {
      const [name = '$', ...path] = token.split('.');
      return { kind: 'variable', name, path };
    }
    if (token.startsWith('.')) return { kind: 'dot', path: token === '.' ? [] : token.slice(1).split('.') };
    if (/^\w+$/.test(token)) return { kind: 'function', name: token };
    throw fault('unexpected token', token);
  };

  const whole = pipeline();
  if (index < list.length) throw fault('unexpected token', list[index] ?? '');
  return whole;
}

function stringLiteral(token: string): string {
  if (token.startsWith('`')) return token.slice(1, -1);
  // Go's escapes that JSON does not know.
  const text = token
    .slice(1, -1)
    .replace(
      /\\(?:x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8})|([0-7]{3})|([av'])|.)/g,
      (whole, hex: string, long: string, octal: string, letter: string) => {
        if (letter === "'") return "'";
        const code =
          hex !== undefined
            ? Number.parseInt(hex, 16)
            : long !== undefined
              ? Number.parseInt(long, 16)
              : octal !== undefined
                ? Number.parseInt(octal, 8)
                : letter === 'a'
                  ? 7
                  : letter === 'v'
                    ? 11
                    : undefined;
        return code === undefined ? whole : JSON.stringify(String.fromCodePoint(code)).slice(1, -1);
      },
    );
  try {
    return JSON.parse(`"${text.replace(/\t/g, '\\t')}"`) as string;
  } catch {
    throw fault('a text is not well-formed', token);
  }
}

function fault(what: string, where: string): OrgqlError {
  return new OrgqlError('invalid_provider', `A template of the provider document cannot be read: ${what}`, { detail: where.slice(0, 120) });
}
