/**
 * Builds `dist/`: the CLI and the library as one esbuild bundle with shared chunks (the front doors load theirs when they are used), type
 * declarations by the compiler, and the providers. `--js-only` builds the bundle alone, for a quick turn.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };

const result = await build({
  entryPoints: { 'cli/main': 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // The engine's native library stays a package of its own; its JavaScript is bundled, which halves the time it takes to load.
  external: ['@duckdb/node-bindings', '@duckdb/node-bindings-*'],
  define: { ORGQL_VERSION: JSON.stringify(manifest.version) },
  // Bundled CommonJS packages ask for Node's modules by `require`, which ES modules lack.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  // Identifiers stay, and with them the names of functions: `keepNames` would define each anew wherever one is made.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  // Written below: a build that fails leaves the last one in place.
  write: false,
  logLevel: 'warning',
});
// Files of an earlier build must not be shipped; the providers are rebuilt by their own step.
for (const name of existsSync('dist') ? readdirSync('dist') : [])
  if (name !== 'providers') rmSync(`dist/${name}`, { recursive: true, force: true });
for (const file of result.outputFiles) {
  mkdirSync(dirname(file.path), { recursive: true });
  writeFileSync(file.path, file.contents);
}
chmodSync('dist/cli/main.js', 0o755);
// The manual's prose: `orgql docs build` makes pages of it.
mkdirSync('dist/manual');
for (const name of readdirSync('docs').filter((file) => file.endsWith('.md') && file !== 'architecture.md'))
  copyFileSync(`docs/${name}`, `dist/manual/${name}`);
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', licencesOf(Object.keys(result.metafile.inputs)));

if (!process.argv.includes('--js-only')) {
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json']);
  keepReachableTypes('dist/index.d.ts');
  if (existsSync('scripts/build-providers.ts')) run(process.execPath, ['--import', 'tsx', 'scripts/build-providers.ts']);
}

const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`dist: ${Object.keys(result.metafile.outputs).length} files, ${(bytes / 1024).toFixed(0)} KiB of JavaScript`);

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit', cwd: root });
  if (status !== 0) process.exit(status ?? 1);
}

/** The licence texts of the packages that the bundle holds. */
function licencesOf(inputs: readonly string[]): string {
  const packages = new Set(
    inputs.map((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]).filter((name) => name !== undefined),
  );
  let text = 'This package holds parts of the packages below, each under its own licence.\n';
  for (const name of [...packages].sort()) {
    const folder = join('node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly version: string;
      readonly license?: string;
    };
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    text += `\n${'='.repeat(80)}\n${name} ${version} (${license ?? 'see its text'})\n\n${file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim()}\n`;
  }
  return text;
}

/** Removes the declarations that the library's own do not lead to: the compiler writes one for every file that it has seen. */
function keepReachableTypes(entry: string): void {
  const reachable = new Set<string>();
  const visit = (file: string): void => {
    if (reachable.has(file)) return;
    reachable.add(file);
    const text = readFileSync(file, 'utf8');
    const specifiers = /((?:from|import\()\s*['"])(\.[^'"]+)\.ts(?=['"])/g;
    for (const [, , path] of text.matchAll(specifiers)) visit(resolve(dirname(file), `${path}.d.ts`));
    writeFileSync(file, text.replace(specifiers, '$1$2.js'));
  };
  visit(resolve(entry));
  const prune = (folder: string): void => {
    for (const item of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, item.name);
      if (item.isDirectory()) prune(path);
      else if (item.name.endsWith('.d.ts') && !reachable.has(path)) rmSync(path);
    }
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  };
  prune(resolve('dist'));
}
