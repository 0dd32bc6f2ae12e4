import { resolve } from 'node:path';
import { OrgqlError } from '../../util/errors.ts';
import { suggest } from '../../util/suggestions.ts';
import { documentedProvider } from '../documentation-examples.ts';
import { manualFolder, manualSources } from '../documentation-manual.ts';
import type { FlagValues } from '../flags.ts';
import type { Io } from '../io.ts';
import { loadConfigOf } from '../open-session.ts';
import { ioError } from '../print-error.ts';
import { badFlag } from '../statements.ts';

type DocsFlags = FlagValues & Readonly<Record<string, unknown>>;

const FORMATS = ['html', 'docusaurus'] as const;
/** Where a site goes and is looked for, unless `--out` says otherwise. */
const DEFAULT_FOLDER = 'site';

/**
 * `orgql docs build`: the documentation of a provider as a static site; without one, orgql's own, with its manual. The examples of the built-in
 * provider and the statements of the manual are run on demo orgs.
 */
export async function docsBuildCommand(io: Io, flags: DocsFlags): Promise<number> {
  const [{ buildSite }, { buildManual }, { writeSite }, { openCatalog }, { findProviders }, { builtinProviders }] = await Promise.all([
    import('../../docs/site.ts'),
    import('../../docs/manual/manual.ts'),
    import('../../docs/write-site.ts'),
    import('../../catalog/load.ts'),
    import('../../catalog/installed.ts'),
    import('../../session/builtin-providers.ts'),
  ]);
  const folder = textOf(flags, 'out') ?? DEFAULT_FOLDER;
  const format = formatOf(textOf(flags, 'format') ?? 'html');
  const baseUrl = baseUrlOf(textOf(flags, 'baseUrl'));
  const config = await loadConfigOf(io, flags);
  const builtin = builtinProviders(import.meta.url);
  const roots = [...(config.session.providerRoots ?? []), ...builtin];
  // Without a provider it is orgql's own site: the manual, and the provider that comes with it.
  const isOwnSite = textOf(flags, 'provider') === undefined;
  const name = textOf(flags, 'provider') ?? 'okta';
  const installed = findProviders(roots);
  const found = installed.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) {
    const near = suggest(
      name,
      installed.map((one) => one.name),
    );
    throw new OrgqlError('unknown_provider', `No provider "${name}" is installed`, {
      hint: near === undefined ? `orgql registry pull ${name}  installs it, if the registry has it` : `did you mean ${near}?`,
    });
  }
  const isBuiltIn = builtin.some((root) => found.directory.startsWith(root));
  const documented = await documentedProvider(found, isBuiltIn);
  try {
    const started = io.now();
    const prose = isOwnSite ? await buildManual(await manualSources(manualFolder(import.meta.url))) : [];
    const site = buildSite(openCatalog({ roots }), [documented.provider], { format, prose, ...(baseUrl === undefined ? {} : { baseUrl }) });
    const written = await writeSite(site, resolve(io.cwd, folder));
    await io.stdout.write(
      `${JSON.stringify({ provider: found.name, format, pages: written.pages, files: written.files, bytes: written.bytes, out: resolve(io.cwd, folder) })}\n`,
    );
    io.stderr.write(`${written.pages} pages in ${((io.now() - started) / 1000).toFixed(1)} s\n`);
  } finally {
    await documented.close();
  }
  return 0;
}

/** `orgql docs serve`: shows a built site until it is stopped. Its first line on stdout is `{"url"}`. */
export async function docsServeCommand(io: Io, flags: DocsFlags): Promise<number> {
  const { serveSite } = await import('../../docs/serve.ts');
  const folder = resolve(io.cwd, textOf(flags, 'out') ?? DEFAULT_FOLDER);
  const port = Number(textOf(flags, 'port') ?? '4321');
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw badFlag('--port', textOf(flags, 'port') ?? '', 'a whole number from 0 to 65535', '0');
  const site = await serveSite(folder, { port, host: textOf(flags, 'host') ?? '127.0.0.1' }).catch((error: NodeJS.ErrnoException) => {
    throw ioError(error, `Cannot serve ${folder}`);
  });
  try {
    await io.stdout.write(`${JSON.stringify({ url: site.url })}\n`);
    if (io.stderr.isTerminal) io.stderr.write('Ctrl-C stops it.\n');
    if (!io.signal.aborted) await new Promise<void>((done) => io.signal.addEventListener('abort', () => done(), { once: true }));
  } finally {
    await site.close();
  }
  return 0;
}

function textOf(flags: DocsFlags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function formatOf(text: string): (typeof FORMATS)[number] {
  const format = FORMATS.find((one) => one === text);
  if (format !== undefined) return format;
  throw new OrgqlError('usage', `There is no site format "${text}"`, { detail: `the formats are ${FORMATS.join(', ')}` });
}

function baseUrlOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^https?:\/\/\S+$/.test(text) || !URL.canParse(text)) throw badFlag('--base-url', text, 'an address', 'https://docs.example.com');
  return text.replace(/\/+$/, '');
}
