import type { Event } from 'js-yaml';
import type { Span } from '../util/errors.ts';

/** The span of a key or of its value, by the path of keys that leads there. `undefined` where the text has none. */
export type FindSpan = (path: readonly string[], which: 'key' | 'value') => Span | undefined;

// The parser's event numbers (`EVENT_ID`), repeated so that this file loads without the parser.
const DOCUMENT = 1;
const SEQUENCE = 2;
const MAPPING = 3;
const SCALAR = 4;
const POP = 6;

/** Where keys and values stand in a YAML text, read off the parser's events. */
export function findSpans(text: string, events: readonly Event[]): FindSpan {
  const keys = new Map<string, Span>();
  const values = new Map<string, Span>();
  let next = 0;
  const isOpen = (): boolean => next < events.length && events[next]?.type !== POP;

  const walk = (path: readonly string[]): void => {
    const event = events[next++];
    if (event === undefined) return;
    const id = JSON.stringify(path);
    switch (event.type) {
      case SCALAR:
        values.set(id, spanOf(event));
        return;
      case MAPPING:
        values.set(id, { offset: event.start, length: 1 });
        while (isOpen()) {
          const key = events[next];
          if (key?.type === SCALAR) {
            next++;
            const inner = [...path, text.slice(key.valueStart, key.valueEnd)];
            keys.set(JSON.stringify(inner), spanOf(key));
            walk(inner);
          } else {
            walk([...path, '?']);
            walk([...path, '?']);
          }
        }
        next++;
        return;
      case SEQUENCE:
        values.set(id, { offset: event.start, length: 1 });
        for (let index = 0; isOpen(); index++) walk([...path, String(index)]);
        next++;
        return;
      case DOCUMENT:
        while (isOpen()) walk(path);
        next++;
        return;
      default:
    }
  };
  walk([]);
  return (path, which) => (which === 'key' ? keys : values).get(JSON.stringify(path));
}

function spanOf(event: { readonly valueStart: number; readonly valueEnd: number }): Span {
  return { offset: event.valueStart, length: Math.max(1, event.valueEnd - event.valueStart) };
}
