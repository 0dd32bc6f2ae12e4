import type { SortFact } from '../catalog/overlay.ts';

/** The parameters by which a server sorts by an attribute. */
export function sortParameters(sort: SortFact, attribute: string, direction: 'ascending' | 'descending'): Readonly<Record<string, string>> {
  if (sort.order === undefined) return { [sort.by]: `${attribute} ${sort[direction]}` };
  return { ...(sort.by === '' ? {} : { [sort.by]: attribute }), [sort.order]: sort[direction] };
}
