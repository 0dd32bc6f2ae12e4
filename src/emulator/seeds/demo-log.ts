import { APPS } from '../families/apps/store.ts';
import type { User } from '../model.ts';
import type { Org } from '../org.ts';
import { createEventWriter, type EventSketch, PLACES, SYSTEM } from './event-writer.ts';
import { seedTime } from './seed-time.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS = 7;
const PER_DAY = 900;

/** A week of an org's life, with a guessed password, a tired thumb and a trip abroad in it. */
export function layDemoLog(org: Org, users: readonly User[]): void {
  const { random } = org;
  const now = seedTime(org);
  const writer = createEventWriter(org);
  const people = users.filter((user) => user.status === 'ACTIVE' && user.lastLogin !== null);
  const apps = org.collection(APPS).list();
  const admin = people[0];
  if (admin === undefined) return;
  const sketches: EventSketch[] = [];
  const homeOf = (user: User): number => users.indexOf(user) % (PLACES.length - 2);
  const add = (user: User, published: number, parts: Partial<EventSketch> & { readonly type: string }, place = homeOf(user)): void => {
    const i = users.indexOf(user);
    sketches.push({
      published,
      actor: writer.user(user.id),
      targets: [writer.user(user.id)],
      origin: writer.origin(place, i % 200, i),
      ...parts,
    });
  };
  for (let n = 0; n < DAYS * PER_DAY; n++) {
    const user = random.pick(people);
    const published = Math.floor(now - random.next() * DAYS * DAY_MS);
    const kind = random.below(100);
    const app = random.pick(apps);
    if (kind < 34) add(user, published, { type: 'user.session.start' });
    else if (kind < 62)
      add(user, published, { type: 'user.authentication.sso', targets: [writer.app(app.id, app.label), writer.user(user.id)] });
    else if (kind < 76) add(user, published, { type: 'user.authentication.auth_via_mfa' });
    else if (kind < 86) add(user, published, { type: 'policy.evaluate_sign_on', result: 'ALLOW', actor: writer.user(user.id) });
    else if (kind < 91) add(user, published, { type: 'user.session.start', result: 'FAILURE', reason: 'INVALID_CREDENTIALS' });
    else if (kind < 93) add(user, published, { type: 'user.session.end' });
    else if (kind < 95) add(user, published, { type: 'group.user_membership.add', actor: SYSTEM });
    else if (kind < 97) add(user, published, { type: 'user.account.update_profile', actor: writer.user(admin.id) });
    else if (kind < 98)
      add(user, published, { type: 'policy.evaluate_sign_on', result: 'DENY', reason: 'Sign-on policy evaluation resulted in DENY' });
    else if (kind < 99) add(user, published, { type: 'user.mfa.factor.activate' });
    else
      add(user, published, {
        type: 'application.user_membership.add',
        actor: writer.user(admin.id),
        targets: [writer.app(app.id, app.label), writer.user(user.id)],
      });
  }
  const [guessed, tired, traveller] = [people[7], people[11], people[15]];
  if (guessed !== undefined) {
    for (let i = 0; i < 40; i++)
      add(guessed, now - 9 * HOUR_MS + i * 20_000, { type: 'user.session.start', result: 'FAILURE', reason: 'INVALID_CREDENTIALS' }, 6);
    add(guessed, now - 9 * HOUR_MS + 900_000, { type: 'user.account.lock', result: 'FAILURE', reason: 'LOCKED_OUT' }, 6);
  }
  if (tired !== undefined)
    for (let i = 0; i < 6; i++)
      add(tired, now - 5 * HOUR_MS + i * 45_000, {
        type: 'user.mfa.okta_verify.deny_push',
        result: 'FAILURE',
        reason: 'User rejected Okta push verify',
      });
  if (traveller !== undefined) add(traveller, now - 3 * HOUR_MS, { type: 'user.session.start' }, 7);
  sketches.sort((a, b) => a.published - b.published);
  for (const sketch of sketches) writer.write(sketch);
}
