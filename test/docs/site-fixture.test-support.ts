import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProviders } from '../../src/catalog/installed.ts';
import { openCatalog } from '../../src/catalog/load.ts';
import type { Catalog } from '../../src/catalog/types.ts';
import { documentedProvider } from '../../src/cli/documentation-examples.ts';
import { manualSources } from '../../src/cli/documentation-manual.ts';
import type { ExampleRunner } from '../../src/docs/examples/types.ts';
import { buildManual } from '../../src/docs/manual/manual.ts';
import { buildSite, type SiteFile } from '../../src/docs/site.ts';
import { writeSite } from '../../src/docs/write-site.ts';

/** The providers that come with the package. */
export const PROVIDERS = fileURLToPath(new URL('../../dist/providers', import.meta.url));
/** The pages of prose, as they stand in the repository. */
export const MANUAL = fileURLToPath(new URL('../../docs', import.meta.url));
export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

/** For tests: every file of the documentation of a provider, by path. */
export async function siteFiles(
  provider: string,
  options: {
    readonly roots?: readonly string[];
    readonly format?: 'html' | 'docusaurus';
    readonly runs?: boolean;
    readonly manual?: boolean;
  } = {},
): Promise<{ readonly files: ReadonlyMap<string, string>; readonly catalog: Catalog; readonly ran: ReadonlySet<string> }> {
  const catalog = openCatalog({ roots: options.roots ?? [PROVIDERS] });
  const isBuiltIn = options.roots === undefined;
  const found = findProviders(options.roots ?? [PROVIDERS]).find(({ name }) => name === provider);
  const documented = await documentedProvider({ name: provider, directory: found?.directory ?? '' }, isBuiltIn && options.runs === true);
  const prose = options.manual === true ? await buildManual(await manualSources(MANUAL)) : [];
  const files = new Map<string, string>();
  const ran = new Set<string>();
  const { runner, scratch } = documented.provider;
  const runners = {
    ...(runner === undefined ? {} : { runner: recording(runner, ran) }),
    ...(scratch === undefined ? {} : { scratch: recording(scratch, ran) }),
  };
  try {
    const format = options.format ?? 'html';
    for await (const { path, content } of buildSite(catalog, [{ ...documented.provider, ...runners, isBuiltIn }], { format, prose }))
      files.set(path, typeof content === 'string' ? content : Buffer.from(content).toString('latin1'));
  } finally {
    await documented.close();
  }
  return { files, catalog, ran };
}

function recording(runner: ExampleRunner, ran: Set<string>): ExampleRunner {
  const run: ExampleRunner['run'] = async (sql) => {
    const result = await runner.run(sql);
    if (result.kind !== 'failure') ran.add(sql);
    return result;
  };
  return { ...runner, run };
}

/** For tests: those files in a folder of their own. The caller removes it. */
export async function siteFolder(
  files: ReadonlyMap<string, string>,
): Promise<{ readonly folder: string; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'orgql-docs-'));
  await writeSite(
    (async function* (): AsyncGenerator<SiteFile> {
      for (const [path, content] of files) yield { path, content: path.endsWith('.png') ? Buffer.from(content, 'latin1') : content };
    })(),
    folder,
  );
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The text of HTML: tags dropped, entities read. */
export function textOf(html: string): string {
  const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
  return html.replace(/<[^>]*>/g, '').replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity);
}

/** The rows of the table under a heading, cell by cell. */
export function tableUnder(html: string, id: string): readonly (readonly string[])[] {
  const start = html.indexOf(`<h2 id="${id}">`);
  if (start < 0) return [];
  const end = html.indexOf('<h2 ', start + 4);
  const section = html.slice(start, end < 0 ? undefined : end);
  const table = /<table>(.*?)<\/table>/s.exec(section)?.[1] ?? '';
  return [...table.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map((row) =>
    [...(row[1] ?? '').matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map((cell) => textOf(cell[1] ?? '')),
  );
}
