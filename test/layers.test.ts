import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

/**
 * The folders of `src` are the phases of a statement, and this table is what each may import. `types` may be imported as types only (interfaces of
 * a phase that a front door hands on). A new folder needs a row.
 */
const LAYERS: Readonly<Record<string, { readonly imports: readonly string[]; readonly types?: readonly string[] }>> = {
  util: { imports: [] },
  sql: { imports: ['util'] },
  catalog: { imports: ['util'] },
  engine: { imports: ['util'] },
  emulator: { imports: ['util'] },
  http: { imports: ['catalog', 'util'] },
  plan: { imports: ['sql', 'catalog', 'util'] },
  exec: { imports: ['sql', 'catalog', 'plan', 'http', 'engine', 'util'] },
  'session-types.ts': { imports: [], types: ['exec', 'catalog'] },
  config: { imports: ['util'], types: ['session-types.ts'] },
  session: { imports: ['exec', 'sql', 'catalog', 'plan', 'http', 'engine', 'util', 'emulator', 'session-types.ts'] },
  'session.ts': { imports: ['session', 'exec', 'sql', 'catalog', 'plan', 'http', 'engine', 'util', 'emulator', 'session-types.ts'] },
  library: { imports: ['config', 'util'], types: ['session-types.ts', 'exec', 'engine', 'catalog'] },
  'index.ts': { imports: ['library', 'session.ts', 'util'], types: ['exec', 'engine', 'catalog'] },
  docs: { imports: ['catalog', 'util'], types: ['session-types.ts', 'exec', 'engine'] },
  shell: { imports: ['session.ts', 'config', 'util'], types: ['session-types.ts', 'exec', 'engine', 'catalog'] },
  pgwire: { imports: ['session.ts', 'config', 'util'], types: ['session-types.ts', 'exec', 'engine', 'catalog'] },
  mcp: { imports: ['session.ts', 'config', 'util'], types: ['session-types.ts', 'exec', 'engine', 'catalog'] },
  cli: {
    // `emulate` serves an emulated org, and `docs` reads the catalog without a session.
    imports: ['session.ts', 'session', 'config', 'util', 'emulator', 'catalog', 'docs', 'shell', 'pgwire', 'mcp'],
    types: ['session-types.ts', 'exec', 'engine', 'catalog'],
  },
};

/** Folders that the process belongs to: everything else is handed what it needs. */
const MAY_READ_ENVIRONMENT = ['cli', 'config', 'index.ts'];
const MAY_USE_STDIO = ['cli'];
const MOST_LINES = 400;

interface SourceFile {
  /** Within `src`, with `/`. */
  readonly path: string;
  readonly layer: string;
  /** A test, or what only tests use: it may reach further. */
  readonly isTest: boolean;
  readonly text: string;
  readonly imports: readonly { readonly layer: string; readonly path: string; readonly isType: boolean }[];
  /** `process.env`, `console.log`, `any`, `export default`, each with its line. */
  readonly findings: readonly { readonly what: string; readonly line: number }[];
}

const root = fileURLToPath(new URL('../src/', import.meta.url));
const files = (readdirSync(root, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts')).map(read);
const sources = files.filter(({ isTest }) => !isTest);

function read(file: string): SourceFile {
  const path = file.split(sep).join('/');
  const text = readFileSync(join(root, file), 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const imports: SourceFile['imports'][number][] = [];
  const findings: SourceFile['findings'][number][] = [];
  const addImport = (specifier: ts.Node | undefined, isType: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) return;
    const target = posix.normalize(posix.join(posix.dirname(path), specifier.text));
    imports.push({ layer: layerOf(target), path: target, isType });
  };
  const find = (node: ts.Node, what: string): void => {
    findings.push({ what, line: tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1 });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) addImport(node.moduleSpecifier, isTypeOnly(node));
    else if (ts.isExportDeclaration(node)) addImport(node.moduleSpecifier, node.isTypeOnly || allTypes(node.exportClause));
    else if (ts.isImportTypeNode(node)) addImport(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) addImport(node.arguments[0], false);
    else if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      if (node.expression.text === 'process') find(node, `process.${node.name.text}`);
      if (node.expression.text === 'console') find(node, 'console');
    } else if (node.kind === ts.SyntaxKind.AnyKeyword) find(node, 'any');
    else if (ts.isExportAssignment(node) || node.kind === ts.SyntaxKind.DefaultKeyword) {
      if (!ts.isDefaultClause(node.parent ?? node)) find(node, 'export default');
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(tree, visit);
  const name = posix.basename(path);
  const isTest = /\.test\.ts$/.test(name) || /^test-|\.test-support\.ts$/.test(name) || path.split('/').includes('testing');
  return { path, layer: layerOf(path), isTest, text, imports, findings };
}

function layerOf(path: string): string {
  return path.split('/')[0] ?? path;
}

function isTypeOnly({ importClause: clause }: ts.ImportDeclaration): boolean {
  if (clause === undefined) return false;
  return clause.phaseModifier === ts.SyntaxKind.TypeKeyword || (clause.name === undefined && allTypes(clause.namedBindings));
}

function allTypes(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  if (bindings === undefined || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return false;
  return (bindings.elements as readonly (ts.ImportSpecifier | ts.ExportSpecifier)[]).every((element) => element.isTypeOnly);
}

function findingsOf(allowed: readonly string[], isWanted: (what: string) => boolean): string[] {
  return sources
    .filter(({ layer }) => !allowed.includes(layer))
    .flatMap(({ path, findings }) => findings.filter(({ what }) => isWanted(what)).map(({ what, line }) => `${path}:${line} ${what}`));
}

describe('the layers of src', () => {
  test('there are files to look at', () => {
    expect(sources.length).toBeGreaterThan(200);
  });

  test('every folder has a row in the table', () => {
    expect(
      [...new Set(files.map(({ layer }) => layer))].filter((layer) => LAYERS[layer] === undefined && !layer.endsWith('.test.ts')),
    ).toEqual([]);
  });

  test('a file imports only what the table allows its folder', () => {
    const wrong = sources.flatMap((file) =>
      file.imports
        .filter(({ layer, isType }) => {
          const row = LAYERS[file.layer];
          return layer !== file.layer && !row?.imports.includes(layer) && !(isType && row?.types?.includes(layer));
        })
        .map(({ path, isType }) => `${file.path} imports ${path}${isType ? ' (types)' : ''}`),
    );
    expect(wrong).toEqual([]);
  });

  test('what only tests use is imported by tests only', () => {
    const tests = new Set(files.filter(({ isTest }) => isTest).map(({ path }) => path));
    expect(
      sources.flatMap((file) => file.imports.filter(({ path }) => tests.has(path)).map(({ path }) => `${file.path} imports ${path}`)),
    ).toEqual([]);
  });

  test('every import names a file', () => {
    const known = new Set(files.map(({ path }) => path));
    const outside = (path: string): boolean => path.startsWith('..') || !path.endsWith('.ts');
    expect(
      files.flatMap((file) =>
        file.imports.filter(({ path }) => !outside(path) && !known.has(path)).map(({ path }) => `${file.path} imports ${path}`),
      ),
    ).toEqual([]);
  });

  test('no folders import each other in a circle', () => {
    const graph = new Map<string, Set<string>>();
    for (const { layer, imports } of sources) {
      const others = graph.get(layer) ?? new Set();
      for (const one of imports) if (one.layer !== layer) others.add(one.layer);
      graph.set(layer, others);
    }
    expect(cyclesOf(graph)).toEqual([]);
  });

  test('the environment is read by the configuration, the command line and the entry of the library', () => {
    expect(findingsOf(MAY_READ_ENVIRONMENT, (what) => what === 'process.env')).toEqual([]);
  });

  test('the command line alone writes to the standard streams and ends the process', () => {
    expect(findingsOf(MAY_USE_STDIO, (what) => /^(console|process\.(stdin|stdout|stderr|exit|exitCode|abort))$/.test(what))).toEqual([]);
  });

  test('nothing has the type any, and nothing is exported without a name', () => {
    expect(findingsOf([], (what) => what === 'any' || what === 'export default')).toEqual([]);
  });

  test(`a file of more than ${MOST_LINES} lines begins with the reason`, () => {
    const long = files.filter(({ text }) => text.split('\n').length - 1 > MOST_LINES && !/^\/[*/][\s\S]{40,}?(?:\*\/|\n[^/])/.test(text));
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});

/** Each circle once, as `a > b > a`. */
function cyclesOf(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    const at = path.indexOf(name);
    if (at !== -1) found.push([...path.slice(at), name].join(' > '));
    if (at !== -1 || done.has(name)) return;
    for (const next of graph.get(name) ?? []) visit(next, [...path, name]);
    done.add(name);
  };
  for (const name of graph.keys()) visit(name, []);
  return found;
}
