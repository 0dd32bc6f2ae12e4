import type { Json, RequestBody } from '../../catalog/types.ts';

/** A JSON value as XML: objects are elements, arrays repeat theirs, keys that begin with `-` or `@` are attributes. */
export function encodeXml(value: Json, body: RequestBody): string {
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  const only = entries.length === 1 && body.shape?.properties().has(entries[0]?.[0] ?? '') !== true ? entries[0] : undefined;
  return `<?xml version="1.0" encoding="UTF-8"?>${only === undefined ? element('Request', value) : element(only[0], only[1])}`;
}

function element(name: string, value: Json): string {
  if (Array.isArray(value)) return value.map((item: Json) => element(name, item)).join('');
  if (value === null) return `<${name}/>`;
  if (typeof value !== 'object') return `<${name}>${escapeXml(String(value))}</${name}>`;
  const entries = Object.entries(value);
  const attributes = entries.filter(([key]) => /^[-@]/.test(key)).map(([key, item]) => ` ${key.slice(1)}="${escapeXml(String(item))}"`);
  const content = entries
    .filter(([key]) => !/^[-@]/.test(key))
    .map(([key, item]) => (key === '#text' ? escapeXml(String(item)) : element(key, item)));
  return `<${name}${attributes.join('')}>${content.join('')}</${name}>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
