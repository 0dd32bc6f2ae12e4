import { profileText, type User } from '../../model.ts';
import type { Org } from '../../org.ts';
import { isoTime } from '../../time.ts';
import type { Call, JsonObject } from '../../types.ts';

const KEPT = 1000;

/** Mails that a real org would have sent, latest last: an emulated one sends none, and shows them on its control path. */
export function mailsOf(org: Org): JsonObject[] {
  return org.value<JsonObject[]>('mails', () => []).value;
}

/** @param template name of the mail's template; @param token that its link carries */
export function sendMail(call: Call, user: User, template: string, token: string): void {
  const mails = mailsOf(call.org);
  mails.push({ sent: isoTime(call.now), to: profileText(user.profile, 'email'), userId: user.id, template, token });
  if (mails.length > KEPT) mails.shift();
}
