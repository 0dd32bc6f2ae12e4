import type { Org } from '../../org.ts';
import { FACTOR_KIND_NAMES, type FactorKindName, makeFactor } from '../factor-kinds.ts';
import type { Draft } from './drafts.ts';
import { shuffled } from './draw.ts';
import type { Times } from './times.ts';

const STRONG: ReadonlySet<FactorKindName> = new Set(['webauthn', 'u2f', 'signed_nonce']);
const COMMON: readonly FactorKindName[] = ['push', 'totp', 'sms', 'email', 'googleTotp', 'push', 'totp', 'webauthn', 'question', 'sms'];

/** What a user's factors must be, beside the shares. */
export interface FactorWishes {
  /** Users who have a phishing-resistant factor that is ACTIVE. */
  readonly strong: ReadonlySet<string>;
  /** Users who have factors, but no such one that is ACTIVE. */
  readonly weak: ReadonlySet<string>;
}

/** Gives factors: 540 ACTIVE users have none, 180 have one that waits for activation, all others at least one that is ACTIVE. */
export function makeFactors(org: Org, times: Times, drafts: readonly Draft[], wishes: FactorWishes): void {
  const { random } = org;
  const free = drafts.filter(
    (draft) => draft.status === 'ACTIVE' && !draft.isX && !wishes.strong.has(draft.id) && !wishes.weak.has(draft.id),
  );
  const without = shuffled(random, free).slice(0, 720);
  const none = new Set(without.slice(0, 540));
  const pending = new Set(without.slice(540));
  const put = (draft: Draft, kind: FactorKindName, status: 'ACTIVE' | 'PENDING_ACTIVATION' | 'INACTIVE'): void => {
    const user = org.users.get(draft.id);
    if (user !== undefined)
      makeFactor(org, user, kind, status, times.clear(draft.created + (times.now - draft.created) * (0.1 + random.next() * 0.4)));
  };
  for (const draft of drafts) {
    if (draft.status === 'STAGED' || draft.status === 'DEPROVISIONED' || none.has(draft)) continue;
    if (pending.has(draft)) put(draft, random.pick(COMMON), 'PENDING_ACTIVATION');
    else if (draft.isX) for (const kind of ['push', 'totp', 'webauthn'] as const) put(draft, kind, 'ACTIVE');
    else if (wishes.strong.has(draft.id)) for (const kind of ['push', 'webauthn'] as const) put(draft, kind, 'ACTIVE');
    else if (wishes.weak.has(draft.id)) {
      put(draft, 'sms', 'ACTIVE');
      put(draft, 'webauthn', 'PENDING_ACTIVATION');
    } else {
      const count = draft.status === 'ACTIVE' ? 1 + random.below(4) : random.below(5);
      const kinds = new Set<FactorKindName>();
      while (kinds.size < count) kinds.add(random.below(3) === 0 ? random.pick(FACTOR_KIND_NAMES) : random.pick(COMMON));
      let isFirst = true;
      for (const kind of kinds) {
        put(draft, kind, isFirst || random.below(8) > 0 ? 'ACTIVE' : STRONG.has(kind) ? 'PENDING_ACTIVATION' : 'INACTIVE');
        isFirst = false;
      }
    }
  }
}
