import { createHash } from 'node:crypto';
import type { Org } from './org.ts';
import { ALPHANUMERIC } from './random.ts';

/**
 * The id of an object that every org has from the start. It follows from the org's id and the name, without a draw from the org's chance, so that
 * a seed's ids stay what they are; and it sorts before ids made later.
 */
export function systemId(org: Org, prefix: string, name: string): string {
  const digest = createHash('sha256').update(`${org.id} ${prefix} ${name}`).digest();
  let text = '0';
  for (let at = 0; text.length < 17 - prefix.length; at++) text += ALPHANUMERIC.charAt((digest[at] ?? 0) % ALPHANUMERIC.length);
  return `${prefix}${text}${org.id.slice(-3)}`;
}
