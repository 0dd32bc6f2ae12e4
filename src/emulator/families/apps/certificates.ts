/*
 * Certificates and signing requests in DER, enough for the keys of apps (X.690, RFC 5280, RFC 2986). Seeds have hundreds of keys and need each run to give the
 * same: their modulus is chance, and the signature on it too. Keys made over the API are real ones.
 */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Random } from '../../random.ts';

export interface CertificateParts {
  readonly subject: string;
  /** Milliseconds. */
  readonly from: number;
  readonly until: number;
  readonly modulus: Buffer;
  readonly key?: KeyObject;
}

/** A self-signed certificate. Without `key` its signature is a digest repeated: well-formed, and valid for nobody. */
export function certificateOf(parts: CertificateParts): Buffer {
  const name = distinguishedName([
    [[2, 5, 4, 6], 'US'],
    [[2, 5, 4, 8], 'California'],
    [[2, 5, 4, 7], 'San Francisco'],
    [[2, 5, 4, 10], 'Okta'],
    [[2, 5, 4, 11], 'SSOProvider'],
    [[2, 5, 4, 3], parts.subject],
  ]);
  const serial = createHash('sha256').update(parts.modulus).digest().subarray(0, 8);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01;
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    SHA256_WITH_RSA,
    name,
    sequence(utcTime(parts.from), utcTime(parts.until)),
    name,
    publicKeyInfo(parts.modulus),
  );
  return sequence(body, SHA256_WITH_RSA, bitString(signatureOf(body, parts.key)));
}

/** A PKCS#10 request, signed with the key. */
export function signingRequestOf(
  subject: readonly (readonly [readonly number[], string])[],
  dnsNames: readonly string[],
  modulus: Buffer,
  key: KeyObject,
): Buffer {
  const names = sequence(...dnsNames.map((name) => tagged(0x82, Buffer.from(name, 'latin1'))));
  const extension = sequence(objectId([2, 5, 29, 17]), tagged(0x04, names));
  const attributes =
    dnsNames.length === 0
      ? tagged(0xa0, Buffer.alloc(0))
      : tagged(0xa0, sequence(objectId([1, 2, 840, 113549, 1, 9, 14]), tagged(0x31, sequence(extension))));
  const body = sequence(integer(Buffer.from([0])), distinguishedName(subject), publicKeyInfo(modulus), attributes);
  return sequence(body, SHA256_WITH_RSA, bitString(signatureOf(body, key)));
}

export interface KeyPair {
  readonly key: KeyObject;
  readonly modulus: Buffer;
}

/** A real key pair of 2048 bits: some 300 ms of work. */
export function makeKeyPair(): KeyPair {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  return { key: privateKey, modulus: Buffer.from(jwk.n ?? '', 'base64url') };
}

/** A modulus of 2048 bits that is chance, for keys that nobody will sign with. */
export function randomModulus(random: Random): Buffer {
  const bytes = Buffer.alloc(256);
  for (let i = 0; i < 256; i += 4) bytes.writeUInt32BE(random.below(0x1_0000_0000), i);
  bytes[0] = (bytes[0] ?? 0) | 0x80;
  bytes[255] = (bytes[255] ?? 0) | 0x01;
  return bytes;
}

function signatureOf(body: Buffer, key: KeyObject | undefined): Buffer {
  if (key !== undefined) return sign('sha256', body, key);
  const digest = createHash('sha256').update(body).digest();
  return Buffer.concat(Array.from({ length: 8 }, () => digest));
}

function tagged(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length: number[] = [];
  for (let rest = body.length; rest > 0; rest >>>= 8) length.unshift(rest & 0xff);
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length, ...length]), body]);
}

function sequence(...content: readonly Buffer[]): Buffer {
  return tagged(0x30, ...content);
}

function integer(value: Buffer): Buffer {
  return tagged(0x02, ((value[0] ?? 0) & 0x80) !== 0 ? Buffer.concat([Buffer.from([0]), value]) : value);
}

function bitString(value: Buffer): Buffer {
  return tagged(0x03, Buffer.from([0]), value);
}

function objectId(numbers: readonly number[]): Buffer {
  const [first = 0, second = 0, ...rest] = numbers;
  const bytes = [first * 40 + second];
  for (const number of rest) {
    const groups = [number & 0x7f];
    for (let high = number >>> 7; high > 0; high >>>= 7) groups.unshift((high & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return tagged(0x06, Buffer.from(bytes));
}

/** Printable strings, a country's being two letters of them. */
function distinguishedName(parts: readonly (readonly [readonly number[], string])[]): Buffer {
  return sequence(...parts.map(([id, value]) => tagged(0x31, sequence(objectId(id), tagged(0x0c, Buffer.from(value))))));
}

/** UTCTime to 2049, GeneralizedTime after (RFC 5280 §4.1.2.5). */
function utcTime(timeMs: number): Buffer {
  const digits = new Date(timeMs).toISOString().replace(/[-:T]/g, '').slice(0, 14);
  return Number(digits.slice(0, 4)) < 2050 ? tagged(0x17, Buffer.from(`${digits.slice(2)}Z`)) : tagged(0x18, Buffer.from(`${digits}Z`));
}

function publicKeyInfo(modulus: Buffer): Buffer {
  const algorithm = sequence(objectId([1, 2, 840, 113549, 1, 1, 1]), Buffer.from([0x05, 0x00]));
  return sequence(algorithm, bitString(sequence(integer(modulus), integer(Buffer.from([1, 0, 1])))));
}

const SHA256_WITH_RSA = sequence(objectId([1, 2, 840, 113549, 1, 1, 11]), Buffer.from([0x05, 0x00]));
