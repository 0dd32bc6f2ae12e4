/**
 * The snake-case form of a name, by the rules that StackQL documents with `snake_case_aliases` or `nativeCasing` were written for:
 * `DBInstanceId` -> `db_instance_id`, `VpcIDs` -> `vpc_ids`; a name with an underscore stays.
 */
export function toSnake(name: string): string {
  if (name.includes('_')) return name;
  const plural = /[A-Z]{2,}s$/.exec(name);
  const spaced = plural === null ? name : `${name.slice(0, plural.index)}_${plural[0].toLowerCase()}`;
  return spaced
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([0-9]+)/g, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/^_/, '')
    .toLowerCase();
}
