import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Address, addressAt } from './address.ts';

const PARTS = ['href', 'origin', 'protocol', 'host', 'hostname', 'port', 'pathname', 'search'] as const;
const partsOf = (address: Address) => PARTS.map((part) => address[part]);

it('an address is what a URL makes of the same text, whatever is in it', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '/',
      '.',
      '..',
      '%2e',
      '%2E',
      '?',
      '#',
      '\\',
      "'",
      '"',
      ' ',
      '{x}',
      '|',
      '^',
      '[',
      '%',
      '%25',
      '//',
      '@',
      'ü',
      '\t',
      '<',
    ),
    fc.string({ maxLength: 4 }),
    fc.stringMatching(/^[a-zA-Z0-9]{1,6}$/),
  );
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
  const withoutMarks = (one: string): string => one.replace(/[?#]/g, '');
  fc.assert(
    fc.property(
      fc.constantFrom('https://acme.okta.com', 'http://127.0.0.1:8080', 'https://[::1]:8443'),
      text.map((one) => `/${withoutMarks(one)}`),
      fc.option(text.map((one) => `?${one.replaceAll('#', '')}`)),
      (origin, path, query) => {
        expect(partsOf(addressAt(new URL(origin), path, query ?? ''))).toEqual(partsOf(new URL(`${origin}${path}${query ?? ''}`)));
      },
    ),
    { numRuns: 2_000 },
  );
});
