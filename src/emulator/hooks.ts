import type { Group, User } from './model.ts';
import type { Org } from './org.ts';

/** What families tell each other: a change that another family's records must follow. */
export interface OrgChanges {
  /** A user was made or its profile or status changed. `before` is absent for a new one. */
  readonly userChanged: { readonly user: User; readonly before?: User };
  /** A user was deactivated: app assignments, sessions and tokens end. */
  readonly userDeactivated: { readonly user: User };
  readonly userDeleted: { readonly user: User };
  readonly groupDeleted: { readonly group: Group };
  readonly memberAdded: { readonly group: Group; readonly user: User };
  readonly memberRemoved: { readonly group: Group; readonly user: User };
}

export interface Hooks {
  on<K extends keyof OrgChanges>(change: K, follow: (org: Org, details: OrgChanges[K]) => void): void;
  emit<K extends keyof OrgChanges>(change: K, details: OrgChanges[K]): void;
}

export function createHooks(org: () => Org): Hooks {
  const followers = new Map<keyof OrgChanges, ((org: Org, details: never) => void)[]>();
  return {
    on(change, follow) {
      const list = followers.get(change) ?? [];
      list.push(follow as (org: Org, details: never) => void);
      followers.set(change, list);
    },
    emit(change, details) {
      for (const follow of followers.get(change) ?? []) follow(org(), details as never);
    },
  };
}
