/** What properties of the service's entities can be compared with. */
export type PropertyType = 'text' | 'number' | 'boolean' | 'time' | 'date' | 'guid';
export type Value = string | number | boolean | null;
export type Entity = Readonly<Record<string, unknown>>;

/** By path, as a filter names it. */
export const TYPES: Readonly<Record<string, PropertyType>> = {
  id: 'number',
  name: 'text',
  key: 'guid',
  price: 'number',
  active: 'boolean',
  created: 'time',
  updated: 'time',
  day: 'date',
  'owner/city': 'text',
};

/** Case twins, quotes, wildcards, what looks like syntax, other alphabets, nothing. */
export const NAMES: readonly (string | null | undefined)[] = [
  'Sales',
  'sales',
  'SALES',
  "O'Brien",
  "''",
  'a "quoted" one',
  'back\\slash',
  '100%',
  'under_score',
  'a and b or not (c)',
  'line\nbreak',
  '2024-01-01',
  'true',
  'null',
  '42',
  'Ünïcödé',
  'עברית',
  '日本',
  '',
  ' padded ',
  'a+b&c=d#e',
  null,
  undefined,
];

export const DAY_MS = 86_400_000;
export const EPOCH = Date.parse('2024-01-01T00:00:00.000Z');

/** Entities in no order of any of their properties. */
export function makeThings(): readonly Entity[] {
  return Array.from({ length: NAMES.length * 4 }, (_, at) => {
    const index = (at * 37) % (NAMES.length * 4);
    const name = NAMES[index % NAMES.length];
    const hex = (index + 1).toString(16).padStart(12, '0');
    return {
      id: index * 3 - 20,
      ...(name === undefined ? {} : { name }),
      key: index % 9 === 0 ? null : `0A1b2c3d-0000-4000-8000-${index % 2 === 0 ? hex : hex.toUpperCase()}`,
      price: index % 5 === 0 ? null : (index % 11) - 5 + (index % 4) / 4,
      active: index % 3 === 0 ? null : index % 3 === 1,
      created: new Date(EPOCH + ((index * 17) % 60) * (DAY_MS / 2)).toISOString(),
      ...(index % 7 === 0 ? {} : { updated: index % 7 === 1 ? null : new Date(EPOCH + index * DAY_MS).toISOString() }),
      day: index % 6 === 0 ? null : new Date(EPOCH + (index % 20) * DAY_MS).toISOString().slice(0, 10),
      owner: index % 8 === 0 ? null : { city: NAMES[(index * 5) % NAMES.length] ?? null },
      tags: [name ?? null],
    };
  });
}
