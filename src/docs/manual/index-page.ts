import type { Page } from '../model/page.ts';
import { pageTable } from '../pages/index-pages.ts';
import { manualPath } from './sources.ts';

/** The first page of the manual: what each of the others is for. */
export function manualIndex(pages: readonly Page[]): Page {
  return {
    path: manualPath(''),
    title: 'Manual - orgql',
    heading: 'Manual',
    description: 'How to query, change and watch over an Okta org with SQL. Each statement on these pages was run when they were built.',
    keywords: ['orgql', 'manual', ...pages.map((page) => page.heading)],
    trail: [{ text: 'Home', path: '/' }],
    menu: [],
    blocks: [pageTable(pages)],
  };
}
