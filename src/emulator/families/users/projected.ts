import type { User } from '../../model.ts';
import type { Org } from '../../org.ts';
import { project, type Wanted } from '../../projection.ts';
import { isObject } from '../../reply.ts';
import type { Json } from '../../types.ts';
import { LIST_PARTS, type ListPart, listItem, profileTextOf } from './render.ts';

/**
 * Writes list items with the wanted fields alone, straight as text: a list read with `fields` must not take longer than the whole one.
 * What it writes is what `project` leaves of `listItem`.
 */
export function projectedText(org: Org, wanted: Wanted): (user: User) => string {
  const parts = LIST_PARTS.filter(({ name }) => wanted.has(name)).map((part) => ({
    name: part.name,
    write: writerOf(org, part, wanted.get(part.name)),
  }));
  const names = parts.map(({ name }, index) => `${index === 0 ? '{' : ','}"${name}":`);
  return (user) => {
    let text = '';
    for (let index = 0; index < parts.length; index++) text += `${names[index]}${parts[index]?.write(user)}`;
    return `${text}}`;
  };
}

function writerOf(org: Org, part: ListPart, inner: Wanted | undefined): (user: User) => string {
  if (inner === undefined) return (user) => part.text(org, user);
  if (part.name === 'profile' && [...inner.values()].every((deeper) => deeper === undefined)) return (user) => profileTextOf(user, inner);
  return (user) => {
    const value: Json | undefined = listItem(org, user)[part.name];
    return JSON.stringify(isObject(value) ? project(value, inner) : value);
  };
}
