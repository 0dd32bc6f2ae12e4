/** The site's one style sheet. Colours meet WCAG AA in both schemes; the page is whole at 320 pixels, and on paper. */
export const STYLE = `:root {
  color-scheme: light;
  --bg: #ffffff; --fg: #1b1f24; --soft: #565e68; --line: #d5dae0; --panel: #f5f7f9; --link: #0b57c2; --mark: #0a6a3c; --focus: #0b57c2;
}
:root[data-theme='dark'] {
  color-scheme: dark;
  --bg: #14171b; --fg: #e6e9ed; --soft: #a9b2bd; --line: #363d46; --panel: #1d2127; --link: #8ab8ff; --mark: #6fd39c; --focus: #8ab8ff;
}
@media (prefers-color-scheme: dark) {
  :root:not([data-theme='light']) {
    color-scheme: dark;
    --bg: #14171b; --fg: #e6e9ed; --soft: #a9b2bd; --line: #363d46; --panel: #1d2127; --link: #8ab8ff; --mark: #6fd39c; --focus: #8ab8ff;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 4rem; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; margin: 0; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 0.5rem; top: 0.5rem; background: var(--bg); padding: 0.5rem; z-index: 3; }
.top { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; padding: 0.5rem 1rem; border-bottom: 1px solid var(--line); background: var(--bg); }
@media (min-width: 48rem) { .top { position: sticky; top: 0; z-index: 2; } }
.brand { font-weight: 700; color: var(--fg); text-decoration: none; }
.top nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; list-style: none; margin: 0; padding: 0; }
.search { position: relative; flex: 1 1 12rem; max-width: 26rem; margin-left: auto; }
.search input { width: 100%; font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--soft); border-radius: 0.4rem; padding: 0.3rem 0.6rem; }
.search input::placeholder { color: var(--soft); opacity: 1; }
#found { position: absolute; right: 0; left: 0; top: 100%; margin: 0.25rem 0 0; padding: 0; list-style: none; background: var(--bg); border: 1px solid var(--line); border-radius: 0.4rem; max-height: 70vh; overflow: auto; z-index: 3; }
#found li { padding: 0.35rem 0.6rem; cursor: pointer; overflow-wrap: anywhere; }
#found li[aria-selected='true'], #found li:hover { background: var(--panel); outline: 1px solid var(--focus); outline-offset: -1px; }
#found small { color: var(--soft); display: block; }
button { font: inherit; }
.theme { color: var(--fg); background: var(--panel); border: 1px solid var(--soft); border-radius: 0.4rem; padding: 0.3rem 0.6rem; cursor: pointer; }
html:not(.js) .theme, html:not(.js) .copy { display: none; }
.body { display: flex; gap: 2rem; max-width: 90rem; margin: 0 auto; padding: 0 1rem; }
.menu { flex: 0 0 14rem; padding: 1rem 0; font-size: 0.92rem; }
.menu ul { list-style: none; margin: 0; padding-left: 0.75rem; }
.menu > details > ul { padding: 0; }
.menu li { margin: 0.2rem 0; overflow-wrap: anywhere; }
.menu .group { font-weight: 600; }
.menu [aria-current] { font-weight: 700; color: var(--fg); }
@media (min-width: 60rem) {
  .menu { position: sticky; top: 3.5rem; align-self: flex-start; max-height: calc(100vh - 3.5rem); overflow: auto; }
  .menu > details > summary { display: none; }
}
@media (max-width: 59.99rem) { .body { display: block; } .menu { padding-bottom: 0; } }
main { flex: 1 1 auto; min-width: 0; padding: 1rem 0 3rem; }
main:focus { outline: none; }
.trail ol { display: flex; flex-wrap: wrap; list-style: none; padding: 0; margin: 0; font-size: 0.92rem; }
.trail li + li::before { content: '/'; padding: 0 0.4rem; color: var(--soft); }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0.5rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.4rem; margin: 2.2rem 0 0.6rem; border-bottom: 1px solid var(--line); padding-bottom: 0.2rem; overflow-wrap: anywhere; }
h3 { font-size: 1.15rem; margin: 1.6rem 0 0.5rem; overflow-wrap: anywhere; }
h4 { font-size: 1rem; margin: 1.2rem 0 0.4rem; overflow-wrap: anywhere; }
.anchor { color: var(--soft); text-decoration: none; margin-left: 0.4rem; opacity: 0; }
:is(h2, h3, h4):hover .anchor { opacity: 1; }
p, li { overflow-wrap: anywhere; }
.lead { color: var(--soft); font-size: 1.05rem; }
.contents ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; list-style: none; padding: 0.5rem 0.75rem; margin: 1rem 0; background: var(--panel); border-radius: 0.4rem; font-size: 0.92rem; }
code, samp, pre { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; font-size: 0.9em; }
code { background: var(--panel); border-radius: 0.25rem; padding: 0.1em 0.3em; overflow-wrap: anywhere; }
.table { overflow-x: auto; margin: 0.75rem 0; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: 0.4rem 0.6rem; text-align: left; vertical-align: top; }
thead th { background: var(--panel); white-space: nowrap; }
tbody th { background: var(--panel); width: 8rem; }
td code { overflow-wrap: normal; }
tr:target { outline: 2px solid var(--focus); outline-offset: -2px; }
.cc { white-space: nowrap; }
.copy { border: 0; background: none; color: var(--soft); cursor: pointer; padding: 0.1rem 0.3rem; min-width: 1.5rem; min-height: 1.5rem; border-radius: 0.25rem; }
.copy::before { content: '\\29c9'; }
.copy:hover { color: var(--fg); background: var(--panel); }
.copy.done { color: var(--mark); }
.copy.done::before { content: '\\2713'; }
.code { position: relative; margin: 0.75rem 0; }
.code pre { margin: 0; padding: 0.8rem 3rem 0.8rem 0.9rem; background: var(--panel); border: 1px solid var(--line); border-radius: 0.4rem; overflow-x: auto; }
.code pre code { background: none; padding: 0; overflow-wrap: normal; }
.code .copy { position: absolute; top: 0.4rem; right: 0.4rem; min-width: 2rem; min-height: 2rem; background: var(--bg); border: 1px solid var(--line); }
.example { margin: 1rem 0 1.5rem; }
.ran { margin: 0.5rem 0 0.25rem; font-size: 0.92rem; color: var(--mark); }
.output { margin: 0; padding: 0.5rem 0.75rem; border-left: 3px solid var(--mark); background: var(--panel); }
.example td { white-space: nowrap; }
blockquote { margin: 1rem 0; padding: 0.1rem 1rem; border-left: 3px solid var(--line); color: var(--soft); }
summary { cursor: pointer; padding: 0.2rem 0; }
footer { border-top: 1px solid var(--line); padding: 0.5rem 1rem; color: var(--soft); font-size: 0.92rem; }
@media print {
  .top, .menu, .contents, .copy, .skip, .anchor, footer { display: none !important; }
  .body { display: block; padding: 0; }
  .table { overflow: visible; }
  .code pre { white-space: pre-wrap; }
  a[href^='http']::after { content: ' (' attr(href) ')'; }
  tr, .example { break-inside: avoid; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;

/** The site's mark: a table with one cell found. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="3" y="5" width="26" height="22" rx="3" fill="#0b57c2"/><path d="M3 12h26M12 12v15M3 19.5h26" stroke="#fff" stroke-width="2"/><rect x="13" y="20.5" width="15" height="6" fill="#7fe0a8"/></svg>
`;
