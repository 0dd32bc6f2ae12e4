import { isVirtualClock } from './clock.ts';
import { mailsOf } from './families/authn/mail.ts';
import { FAULT_KINDS, type Faults, isFaultRule } from './faults.ts';
import type { Org } from './org.ts';
import { isObject, json } from './reply.ts';
import type { Reply } from './types.ts';

/**
 * The control path of an emulator, for tests in other processes:
 * GET `/_emulator/clock` gives `{now, iso, isFrozen}`; POST it `{"advanceMs"}`, `{"advanceTo": time}` (never back), `{"set": time}`, `{"freeze": true}` or `{"run": true}`;
 * GET `/_emulator/mails` lists the mails that a real org would have sent, each with its token;
 * GET, PUT `/_emulator/faults` are the fault rules; GET `/_emulator/stats` counts requests by method and path.
 */
export function control(org: Org, faults: Faults, counts: ReadonlyMap<string, number>, method: string, path: string, body: string): Reply {
  if (path === '/_emulator/clock') {
    if (method === 'POST') {
      const refused = setClock(org, parse(body));
      if (refused !== undefined) return json(400, { error: refused });
    }
    const now = org.clock.now();
    return json(200, { now, iso: new Date(now).toISOString(), isFrozen: isVirtualClock(org.clock) && org.clock.isFrozen });
  }
  if (path === '/_emulator/faults') {
    if (method === 'PUT') {
      const rules = parse(body);
      if (!Array.isArray(rules) || !rules.every(isFaultRule))
        return json(400, {
          error: `An array of fault rules is needed, each with an effect whose kind is one of ${Object.keys(FAULT_KINDS).join(', ')}.`,
        });
      faults.replace(rules);
    }
    return json(200, faults.list());
  }
  if (path === '/_emulator/mails' && method === 'GET') return json(200, mailsOf(org));
  if (path === '/_emulator/stats' && method === 'GET') return json(200, { requests: Object.fromEntries(counts) });
  return json(404, { error: `The control path has no ${method} ${path}` });
}

function setClock(org: Org, command: unknown): string | undefined {
  if (!isVirtualClock(org.clock)) return 'The clock belongs to the program that started the emulator.';
  if (!isObject(command)) return 'A JSON object is needed.';
  const { advanceMs, advanceTo, set, freeze, run } = command;
  if (typeof advanceMs === 'number') org.clock.advance(advanceMs);
  else if (isTime(set) || isTime(advanceTo)) {
    const given = isTime(set) ? set : (advanceTo as number | string);
    const time = new Date(given).getTime();
    if (Number.isNaN(time)) return `"${given}" is not a time.`;
    if (isTime(set)) org.clock.set(time);
    else org.clock.advanceTo(time);
  } else if (freeze === true) org.clock.freeze();
  else if (run === true) org.clock.run();
  else return 'One of advanceMs, advanceTo, set, freeze, run is needed.';
  return undefined;
}

function isTime(value: unknown): value is number | string {
  return typeof value === 'number' || typeof value === 'string';
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
