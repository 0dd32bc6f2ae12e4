import type { User, UserStatus } from '../model.ts';
import type { Org } from '../org.ts';
import { wholeSecond } from '../time.ts';
import type { JsonObject } from '../types.ts';

export interface NewUser {
  readonly status: UserStatus;
  readonly created: number;
  readonly profile: JsonObject;
  readonly password?: string;
  readonly question?: { readonly question: string; readonly answer: string };
  readonly provider?: { readonly type: string; readonly name: string };
  readonly activated?: number | null;
  readonly statusChanged?: number | null;
  readonly lastLogin?: number | null;
  readonly lastUpdated?: number;
  readonly passwordChanged?: number | null;
  readonly typeId?: string;
  readonly id?: string;
}

const OKTA_PROVIDER = { type: 'OKTA', name: 'OKTA' };

/** Puts a user into the org as a seed wants it; what is not given follows from status and creation. Logs nothing. */
export function makeUser(org: Org, parts: NewUser): User {
  const created = wholeSecond(parts.created);
  const isStaged = parts.status === 'STAGED';
  const hasPassword = parts.password !== undefined;
  return org.users.put({
    id: parts.id ?? org.ids.next('00u'),
    status: parts.status,
    created,
    activated: parts.activated === undefined ? (isStaged ? null : created) : parts.activated,
    statusChanged: parts.statusChanged === undefined ? (isStaged && !hasPassword ? null : created) : parts.statusChanged,
    lastLogin: parts.lastLogin ?? null,
    lastUpdated: parts.lastUpdated === undefined ? created : wholeSecond(parts.lastUpdated),
    passwordChanged: parts.passwordChanged === undefined ? (hasPassword ? created : null) : parts.passwordChanged,
    typeId: parts.typeId ?? org.userTypeId,
    profile: parts.profile,
    credentials: {
      ...(parts.password === undefined ? {} : { password: parts.password }),
      ...(parts.question === undefined ? {} : { question: parts.question }),
      provider: parts.provider ?? OKTA_PROVIDER,
    },
  });
}
