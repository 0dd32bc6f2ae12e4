import type { Random } from '../../../src/emulator/random.ts';
import type { Operation } from './specification.ts';

const KEPT = 60;

/** Paths that the org itself has shown, in links or by an answer of success: what hangs below them is likely to be there. */
export class KnownPaths {
  readonly #random: Random;
  /** Templates by the number of their segments. */
  readonly #templates = new Map<number, { readonly template: string; readonly segments: readonly string[] }[]>();
  readonly #paths = new Map<string, string[]>();

  constructor(random: Random, operations: readonly Operation[]) {
    this.#random = random;
    for (const template of new Set(operations.flatMap(({ path }) => prefixes(path)))) {
      const segments = template.split('/');
      const same = this.#templates.get(segments.length) ?? [];
      same.push({ template, segments });
      this.#templates.set(segments.length, same);
    }
  }

  /** Remembers a path and what it hangs below. */
  add(path: string): void {
    const segments = path.split('/');
    const matching = (this.#templates.get(segments.length) ?? []).filter(({ segments: wanted }) =>
      wanted.every((segment, at) => segment.startsWith('{') || segment === segments[at]),
    );
    // A word of the API's own is no id.
    const [closest] = matching.sort((a, b) => parameterCount(a.template) - parameterCount(b.template));
    if (closest === undefined) return;
    for (const prefix of prefixes(closest.template)) {
      const known = this.#paths.get(prefix) ?? [];
      known.push(segments.slice(0, prefix.split('/').length).join('/'));
      if (known.length > KEPT) known.shift();
      this.#paths.set(prefix, known);
    }
  }

  /** The longest known beginning of a template, and the rest of the template. */
  begin(template: string): { readonly known: string; readonly rest: string } {
    for (const prefix of prefixes(template)) {
      const known = this.#paths.get(prefix);
      if (known !== undefined && known.length > 0) return { known: this.#random.pick(known), rest: template.slice(prefix.length) };
    }
    return { known: '', rest: template };
  }
}

/** A template and its beginnings that end in a parameter, longest first. */
function prefixes(template: string): string[] {
  const segments = template.split('/');
  const ends = segments.flatMap((segment, at) => (segment.startsWith('{') ? [at + 1] : []));
  return [...new Set([segments.length, ...ends.reverse()])].map((end) => segments.slice(0, end).join('/'));
}

function parameterCount(template: string): number {
  return template.split('{').length;
}
