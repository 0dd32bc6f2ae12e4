import type { Page } from '../model/page.ts';
import { errorsPage } from './errors-page.ts';
import { manualIndex } from './index-page.ts';
import { prosePage } from './prose-page.ts';
import { settingsPage } from './settings-page.ts';
import { MANUAL_ORDER, type ManualSources, manualPath } from './sources.ts';

/**
 * The pages of the manual in their order, its index first. Every SQL block of theirs is run while they are made. Throws `query_failed` where one
 * does not do what the page says.
 */
export async function buildManual(sources: ManualSources): Promise<readonly Page[]> {
  const made: (readonly [name: string, page: Page])[] = [
    ['errors', await errorsPage(sources)],
    ['settings', settingsPage(sources.settings)],
  ];
  for (const source of sources.prose) made.push([source.name, await prosePage(source, sources.openRunner)]);
  const place = (name: string): number => (MANUAL_ORDER.includes(name) ? MANUAL_ORDER.indexOf(name) : MANUAL_ORDER.length);
  const pages = made.toSorted(([a], [b]) => place(a) - place(b)).map(([, page]) => page);
  const menu: Page['menu'] = [
    { title: 'Manual', path: manualPath(''), items: pages.map((page) => ({ text: page.heading, path: page.path })) },
  ];
  return [manualIndex(pages), ...pages].map((page) => ({ ...page, menu }));
}
