import { escapeHtml } from './escape.ts';

const WORDS = new Set(
  (
    'all and as asc begin between by case cast commit create cross delete desc describe distinct drop each else end except exec exists explain extended false ' +
    'for from full group having in inner insert intersect interval into is join left like limit materialized methods not null nulls first last offset on or order ' +
    'outer over partition providers refresh replace resources returning right rollback select services set show table temp then true union update use ' +
    'using values view when where with'
  ).split(' '),
);

const PARTS = /--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|@{1,2}[A-Za-z_]\w*|[A-Za-z_][\w.]*|\d+(?:\.\d+)?|[^A-Za-z_'"@\d-]+|./gs;

/** SQL as HTML in which keywords, texts and comments have classes. Its text is the statement, unchanged. */
export function highlightSql(sql: string): string {
  return (sql.match(PARTS) ?? [])
    .map((part) => {
      const shown = escapeHtml(part);
      if (part.startsWith('--')) return `<span class="c">${shown}</span>`;
      if (part.startsWith("'")) return `<span class="t">${shown}</span>`;
      return WORDS.has(part.toLowerCase()) ? `<span class="k">${shown}</span>` : shown;
    })
    .join('');
}
