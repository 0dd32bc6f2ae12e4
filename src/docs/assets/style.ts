/** The site's one style sheet. Colours meet WCAG AA in both schemes; the page is whole at 320 pixels, and on paper. */
export const STYLE = `:root {
  color-scheme: light;
  --bg: #ffffff; --fg: #1c2128; --soft: #57606a; --line: #e3e7eb; --edge: #8a939d; --panel: #f6f8fa; --link: #0b57c2; --mark: #0a6a3c; --focus: #0b57c2; --here: #eaf1fb;
}
:root[data-theme='dark'] {
  color-scheme: dark;
  --bg: #14171b; --fg: #e3e7ec; --soft: #a3adb8; --line: #2b3138; --edge: #76808b; --panel: #1b1f25; --link: #8ab8ff; --mark: #6fd39c; --focus: #8ab8ff; --here: #1f2a3a;
}
@media (prefers-color-scheme: dark) {
  :root:not([data-theme='light']) {
    color-scheme: dark;
    --bg: #14171b; --fg: #e3e7ec; --soft: #a3adb8; --line: #2b3138; --edge: #76808b; --panel: #1b1f25; --link: #8ab8ff; --mark: #6fd39c; --focus: #8ab8ff; --here: #1f2a3a;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 5rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 1rem/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 0.2rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; margin: 0; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 0.5rem; top: 0.5rem; background: var(--bg); padding: 0.5rem 0.75rem; z-index: 3; }

.top { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: center; padding: 0.6rem 1.25rem; border-bottom: 1px solid var(--line); background: var(--bg); }
.brand { display: flex; align-items: center; gap: 0.5rem; font-weight: 700; font-size: 1.1rem; letter-spacing: -0.01em; color: var(--fg); text-decoration: none; }
.brand img { display: block; }
.top nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; margin: 0; padding: 0; }
.top nav a, .menu a, .contents a, .trail a { text-decoration: none; }
.top nav a { color: var(--fg); }
:is(.top nav, .menu, .contents, .trail) a:hover { text-decoration: underline; }
.search { position: relative; flex: 1 1 12rem; max-width: 24rem; margin-left: auto; }
.search input { width: 100%; font: inherit; font-size: 0.95rem; color: inherit; background: var(--panel); border: 1px solid var(--edge); border-radius: 0.5rem; padding: 0.35rem 0.75rem; }
.search input::placeholder { color: var(--soft); opacity: 1; }
#found { position: absolute; right: 0; left: 0; top: 100%; margin: 0.35rem 0 0; padding: 0.35rem; list-style: none; background: var(--bg); border: 1px solid var(--line); border-radius: 0.5rem; box-shadow: 0 0.5rem 1.5rem rgb(0 0 0 / 0.18); max-height: 70vh; overflow: auto; z-index: 3; }
#found li { padding: 0.35rem 0.6rem; cursor: pointer; overflow-wrap: anywhere; border-radius: 0.35rem; line-height: 1.35; }
#found li[aria-selected='true'], #found li:hover { background: var(--here); }
#found small { color: var(--soft); display: block; }
button { font: inherit; }
.theme { display: grid; place-items: center; width: 2.25rem; height: 2.25rem; color: var(--fg); background: none; border: 1px solid transparent; border-radius: 0.5rem; cursor: pointer; }
.theme:hover { background: var(--panel); border-color: var(--line); }
.theme::before { content: ''; width: 1rem; height: 1rem; border: 2px solid currentColor; border-radius: 50%; background: linear-gradient(90deg, currentColor 50%, transparent 50%); }
html:not(.js) .theme, html:not(.js) .copy { display: none; }

.body { max-width: 92rem; margin: 0 auto; padding: 0 1.25rem; }
summary { cursor: pointer; padding: 0.25rem 0; }
.menu, .contents { font-size: 0.92rem; }
.menu ul, .contents ul { list-style: none; margin: 0; padding: 0; }
.menu ul ul { margin: 0.1rem 0 0.5rem 0.55rem; padding-left: 0.4rem; border-left: 1px solid var(--line); }
.menu li { overflow-wrap: anywhere; }
.menu a, .menu .group { display: block; padding: 0.16rem 0.5rem; border-radius: 0.3rem; color: var(--soft); }
.menu > details > ul > li:first-child > a { font-weight: 600; color: var(--fg); }
.menu a:hover { color: var(--fg); }
.menu [aria-current] { font-weight: 600; color: var(--link); background: var(--here); }
.menu summary, .contents summary { color: var(--soft); font-weight: 600; }
.contents a { display: block; padding: 0.12rem 0; color: var(--soft); }
.contents a:hover { color: var(--fg); }
main { min-width: 0; padding: 1.25rem 0 4rem; }
main:focus { outline: none; }
@media (max-width: 59.99rem) { .menu { padding-top: 0.75rem; border-bottom: 1px solid var(--line); padding-bottom: 0.5rem; } }
@media (min-width: 60rem) {
  .top { position: sticky; top: 0; z-index: 2; }
  .body { display: flex; gap: 2.5rem; }
  .menu { flex: 0 0 13.5rem; position: sticky; top: 3.6rem; align-self: flex-start; max-height: calc(100vh - 3.6rem); overflow: auto; padding: 1.25rem 0.25rem 2rem; }
  .menu > details > summary { display: none; }
  main { flex: 1 1 auto; padding-top: 1.5rem; }
}
@media (min-width: 80rem) {
  main { display: grid; grid-template-columns: minmax(0, 1fr) 12rem; grid-template-rows: auto 1fr; column-gap: 2.5rem; }
  .head, .article { grid-column: 1; }
  .contents summary { list-style: none; pointer-events: none; }
  .contents { grid-column: 2; grid-row: 1 / span 2; position: sticky; top: 4.6rem; align-self: start; max-height: calc(100vh - 5rem); overflow: auto; border-left: 1px solid var(--line); padding-left: 1rem; }
}

.trail ol { display: flex; flex-wrap: wrap; list-style: none; padding: 0; margin: 0; font-size: 0.9rem; }
.trail a { color: var(--soft); }
.trail li + li::before { content: '/'; padding: 0 0.45rem; color: var(--soft); }
h1, h2, h3, h4 { line-height: 1.25; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h1 { font-size: 2.1rem; margin: 0.35rem 0 0.5rem; letter-spacing: -0.02em; }
h2 { font-size: 1.4rem; margin: 2.75rem 0 0.75rem; }
h3 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
h4 { font-size: 1rem; margin: 1.5rem 0 0.4rem; }
.article > :is(h2, h3):first-child { margin-top: 1.5rem; }
.anchor { color: var(--soft); text-decoration: none; font-weight: 400; margin-left: 0.4rem; opacity: 0; }
:is(h2, h3, h4):hover .anchor { opacity: 1; }
p, li { overflow-wrap: anywhere; }
.article > :is(p, ul, ol, blockquote), .example > p { max-width: 46rem; }
.lead { color: var(--soft); font-size: 1.1rem; line-height: 1.5; margin: 0 0 0.75rem; max-width: 46rem; }
code, samp, pre { font-family: ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 0.875em; }
code { background: var(--panel); border-radius: 0.25rem; padding: 0.15em 0.35em; overflow-wrap: anywhere; }
:is(h2, h3, h4) code { font-size: 0.95em; background: none; padding: 0; }

.table { overflow-x: auto; margin: 0.75rem 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.95rem; line-height: 1.5; }
th, td { border-bottom: 1px solid var(--line); padding: 0.5rem 1rem 0.5rem 0; text-align: left; vertical-align: top; }
:is(th, td):last-child { padding-right: 0.25rem; }
thead th { font-size: 0.85rem; font-weight: 600; color: var(--soft); white-space: nowrap; border-bottom-color: var(--edge); }
tbody th { font-weight: 600; min-width: 9rem; width: 1%; white-space: nowrap; }
td { min-width: 5rem; }
td:last-child:nth-child(n + 3) { min-width: 11rem; }
td code { overflow-wrap: normal; }
tr:target { background: var(--here); }
.cc { white-space: nowrap; }
.cc:has(wbr) { display: inline-block; white-space: normal; min-width: 13rem; }
.copy { position: relative; border: 0; background: none; color: var(--soft); cursor: pointer; padding: 0; width: 1.6rem; height: 1.5rem; border-radius: 0.3rem; vertical-align: middle; }
.copy::before, .copy::after { content: ''; position: absolute; width: 0.5rem; height: 0.62rem; border: 1.5px solid currentColor; border-radius: 0.12rem; }
.copy::before { left: calc(50% - 0.4rem); top: calc(50% - 0.4rem); }
.copy::after { left: calc(50% - 0.15rem); top: calc(50% - 0.2rem); background: var(--bg); }
.copy:hover { color: var(--link); background: var(--here); }
.copy:hover::after { background: var(--here); }
.copy.done { color: var(--mark); }
.copy.done::before { display: none; }
.copy.done::after { left: calc(50% - 0.15rem); top: calc(50% - 0.4rem); width: 0.3rem; height: 0.6rem; border-width: 0 2px 2px 0; border-radius: 0; background: none; transform: rotate(45deg); }
.code { display: flex; align-items: flex-start; margin: 0.75rem 0 1rem; background: var(--panel); border: 1px solid var(--line); border-radius: 0.5rem; }
.code pre { flex: 1 1 auto; min-width: 0; margin: 0; padding: 0.9rem 1rem; border-radius: 0.5rem; overflow-x: auto; line-height: 1.55; }
.code pre code { background: none; padding: 0; overflow-wrap: normal; }
.code .copy { flex: none; margin: 0.5rem; width: 2rem; height: 2rem; }
.code .copy::after { background: var(--panel); }
.code .copy.done::after { background: none; }
.k { color: var(--link); }
.t { color: var(--mark); }
.c { color: var(--soft); }

.example { margin: 1rem 0 1.75rem; }
.example > h3 { margin-bottom: 0.35rem; }
.example > p { margin: 0.35rem 0; }
.example[data-run] .code { margin-bottom: 0; }
.example[data-run] .code { border-radius: 0.5rem 0.5rem 0 0; }
.outcome { border: 1px solid var(--line); border-top: 0; border-radius: 0 0 0.5rem 0.5rem; padding: 0.6rem 1rem 0.5rem; }
.outcome .ran { margin: 0; font-size: 0.85rem; color: var(--mark); }
.outcome p { margin: 0.35rem 0 0.25rem; }
.outcome pre { margin: 0.35rem 0; overflow-x: auto; line-height: 1.5; }
.outcome .table { margin: 0.25rem 0 0; }
.outcome table { font-size: 0.85rem; width: auto; min-width: 50%; font-variant-numeric: tabular-nums; }
.outcome :is(th, td) { padding: 0.3rem 1.5rem 0.3rem 0; border-bottom-color: var(--line); min-width: 0; }
.outcome td { white-space: nowrap; }
.outcome tr:last-child td { border-bottom: 0; }
blockquote { margin: 1rem 0; padding: 0.1rem 1rem; border-left: 3px solid var(--line); color: var(--soft); }
.article details { margin: 0.5rem 0; }
.article details > summary { color: var(--link); }
footer { border-top: 1px solid var(--line); padding: 0.75rem 1.25rem; color: var(--soft); font-size: 0.9rem; }
footer p { margin: 0; max-width: none; }
@media (max-width: 40rem) {
  h1 { font-size: 1.75rem; }
  .top { padding: 0.5rem 1rem; }
  .body { padding: 0 1rem; }
  .theme { margin-left: auto; }
  .top nav { order: 1; flex-basis: 100%; }
  .search { order: 2; flex-basis: 100%; max-width: none; }
  tbody th { min-width: 0; white-space: normal; width: auto; }
  th, td { padding-right: 0.75rem; }
  .table:has(thead th:nth-child(2):last-child) :is(.cc, td code) { white-space: normal; overflow-wrap: anywhere; }
}
@media print {
  .top, .menu, .contents, .copy, .skip, .anchor, footer { display: none !important; }
  .body, main { display: block; padding: 0; }
  .table { overflow: visible; }
  .code pre, .outcome pre { white-space: pre-wrap; }
  .cc, .outcome td { white-space: normal; }
  table, .outcome table { font-size: 0.75rem; }
  td, td:last-child:nth-child(n + 3), .outcome :is(th, td) { min-width: 0; padding-right: 0.5rem; }
  .cc:has(wbr) { min-width: 0; }
  .outcome :is(th, td), .code pre code { overflow-wrap: anywhere; }
  .outcome table { width: 100%; }
  thead th { white-space: normal; }
  a[href^='http']::after { content: ' (' attr(href) ')'; }
  tr, .code { break-inside: avoid; }
  h2, h3, h4, thead { break-after: avoid; }
}
`;

/** The site's mark: a table with one cell found. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="3" y="5" width="26" height="22" rx="4" fill="#0b57c2"/><path d="M3 12h26M12 12v15M3 19.5h26" stroke="#fff" stroke-width="2"/><rect x="13" y="20.5" width="15" height="6" fill="#7fe0a8"/></svg>
`;
