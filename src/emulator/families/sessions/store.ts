import { defineCollection } from '../../collection.ts';
import type { Org } from '../../org.ts';

/** A session token out of `/authn`: good for five minutes, once. */
export interface SessionToken {
  readonly id: string;
  readonly userId: string;
  readonly expiresAt: number;
  readonly amr: readonly string[];
}

export const sessionTokens = defineCollection<SessionToken>('sessionTokens');

/** Ends all sessions of a user; how many there were. */
export function endSessions(org: Org, userId: string): number {
  const own = org.sessions.by(userId);
  for (const session of own) org.sessions.delete(session.id);
  return own.length;
}
