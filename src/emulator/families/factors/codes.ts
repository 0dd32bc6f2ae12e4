import { createHmac } from 'node:crypto';

/** The code in every text message, call and mail of an emulated org, which sends none. */
export const SENT_CODE = '123456';

export const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

/** A one-time code of six digits (RFC 4226 §5.3; `counter` from the time for RFC 6238). */
export function oneTimeCode(secret: string, counter: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac('sha1', decode(secret)).update(message).digest();
  const offset = (digest[digest.length - 1] ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** The counter whose code this is, at most one step off the present; `undefined` if it is none. */
export function matchingCounter(secret: string, code: string, nowMs: number): number | undefined {
  const present = Math.floor(nowMs / STEP_MS);
  return [present, present - 1, present + 1].find((counter) => oneTimeCode(secret, counter) === code);
}

function decode(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text) {
    value = ((value << 5) | BASE32.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >>> bits) & 255);
    }
  }
  return Buffer.from(bytes);
}
