/**
 * Builds `dist/`: the CLI and the library as one esbuild bundle with shared chunks (the front doors load theirs when they are used), type
 * declarations by the compiler, and the providers. `--no-types` leaves the declarations out, for a quick turn.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };

// Files of an earlier build must not be shipped; the providers are rebuilt by their own step.
for (const name of existsSync('dist') ? readdirSync('dist') : [])
  if (name !== 'providers') rmSync(`dist/${name}`, { recursive: true, force: true });

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
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'linked',
  metafile: true,
  logLevel: 'warning',
});
chmodSync('dist/cli/main.js', 0o755);

if (!process.argv.includes('--no-types')) run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json']);
if (existsSync('scripts/build-providers.ts')) run(process.execPath, ['--import', 'tsx', 'scripts/build-providers.ts']);

const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`dist: ${Object.keys(result.metafile.outputs).length} files, ${(bytes / 1024).toFixed(0)} KiB of JavaScript`);

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit', cwd: root });
  if (status !== 0) process.exit(status ?? 1);
}
