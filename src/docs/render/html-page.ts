import type { Block, MenuGroup, Page } from '../model/page.ts';
import { plainText } from '../model/text.ts';
import { escapeHtml } from './escape.ts';
import { htmlBlocks } from './html-blocks.ts';
import { relativeLink } from './site-links.ts';

/** What every page of one site shares. */
export interface SiteChrome {
  readonly name: string;
  /** Links in the header. */
  readonly links: readonly { readonly text: string; readonly path: string }[];
  /** `https://docs.example.com`, without a slash at the end; `undefined` where nobody has said. */
  readonly baseUrl: string | undefined;
  readonly footer: string;
}

/** A page as a whole HTML document. Styles and scripts are files of the site, and nothing is loaded from elsewhere. */
export function htmlPage(page: Page, chrome: SiteChrome): string {
  const to = (path: string): string => escapeHtml(relativeLink(page.path, path));
  const root = relativeLink(page.path, '/');
  const absolute = (path: string): string =>
    escapeHtml(chrome.baseUrl === undefined ? relativeLink(page.path, path) : `${chrome.baseUrl}${path}`);
  const description = escapeHtml(page.description);
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'">`,
    `<title>${escapeHtml(page.title)}</title>`,
    `<meta name="description" content="${description}">`,
    `<meta name="keywords" content="${escapeHtml(page.keywords.join(', '))}">`,
    '<meta name="color-scheme" content="light dark">',
    '<meta property="og:type" content="article">',
    `<meta property="og:site_name" content="${escapeHtml(chrome.name)}">`,
    `<meta property="og:title" content="${escapeHtml(page.title)}">`,
    `<meta property="og:description" content="${description}">`,
    ...(page.image === undefined
      ? []
      : [`<meta property="og:image" content="${absolute(page.image)}">`, '<meta name="twitter:card" content="summary_large_image">']),
    ...(chrome.baseUrl === undefined ? [] : [`<link rel="canonical" href="${absolute(page.path)}">`]),
    '<link rel="alternate" type="text/markdown" href="index.md">',
    `<link rel="icon" type="image/svg+xml" href="${to('/assets/icon.svg')}">`,
    `<link rel="stylesheet" href="${to('/assets/style.css')}">`,
    `<script src="${to('/assets/theme.js')}"></script>`,
    `<script src="${to('/assets/site.js')}" defer></script>`,
  ];
  const crumbs = page.trail.map((crumb) => `<li><a href="${to(crumb.path)}">${escapeHtml(crumb.text)}</a></li>`).join('');
  return `<!doctype html>
<html lang="en" data-root="${escapeHtml(root)}">
<head>
${head.join('\n')}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
<a class="brand" href="${to('/')}"><img src="${to('/assets/icon.svg')}" alt="" width="24" height="24">${escapeHtml(chrome.name)}</a>
<nav aria-label="Site"><ul>${chrome.links.map((item) => `<li><a href="${to(item.path)}">${escapeHtml(item.text)}</a></li>`).join('')}</ul></nav>
<form class="search" role="search" action="${to('/search/')}">
<label for="q" class="hidden">Search resources, fields and methods</label>
<input id="q" name="q" type="text" enterkeyhint="search" autocomplete="off" spellcheck="false" placeholder="Search ( / )" role="combobox" aria-expanded="false" aria-controls="found" aria-autocomplete="list">
<ul id="found" role="listbox" aria-label="Search results" hidden></ul>
</form>
<button type="button" class="theme" aria-pressed="false" aria-label="Dark mode" title="Dark mode"></button>
</header>
<div class="body">
${menuHtml(page, to)}
<main id="content" tabindex="-1">
<div class="head">
${crumbs === '' ? '' : `<nav class="trail" aria-label="Above this page"><ol>${crumbs}</ol></nav>\n`}<h1>${escapeHtml(page.heading)}</h1>
<p class="lead">${description}</p>
</div>
${contentsHtml(page.blocks)}<div class="article">
${htmlBlocks(page.blocks, page.path)}
</div>
</main>
</div>
<footer><p>${escapeHtml(chrome.footer)} <a href="index.md">This page as Markdown</a></p></footer>
<p id="said" class="hidden" role="status"></p>
</body>
</html>
`;
}

function menuHtml(page: Page, to: (path: string) => string): string {
  if (page.menu.length === 0) return '';
  const item = (text: string, path: string): string =>
    `<a href="${to(path)}"${path === page.path ? ' aria-current="page"' : ''}>${escapeHtml(text)}</a>`;
  const group = ({ title, path, items }: MenuGroup): string =>
    `<li>${path === undefined ? `<span class="group">${escapeHtml(title)}</span>` : item(title, path)}${
      items.length === 0 ? '' : `<ul>${items.map((one) => `<li>${item(one.text, one.path)}</li>`).join('')}</ul>`
    }</li>`;
  return `<nav class="menu" aria-label="Pages"><details open><summary>All pages</summary><ul>${page.menu.map(group).join('')}</ul></details></nav>`;
}

function contentsHtml(blocks: readonly Block[]): string {
  const headings = blocks.filter((block) => block.kind === 'heading' && block.level === 2);
  if (headings.length < 3) return '';
  const links = headings.map((heading) =>
    heading.kind === 'heading' ? `<li><a href="#${escapeHtml(heading.id)}">${escapeHtml(plainText(heading.content))}</a></li>` : '',
  );
  return `<nav class="contents" aria-label="On this page"><details open><summary>On this page</summary><ul>${links.join('')}</ul></details></nav>\n`;
}
