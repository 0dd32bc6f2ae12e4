import fc from 'fast-check';

/** Conditions joined by AND, OR and NOT. */
export const condition = (atom: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      atom,
      fc.tuple(tie('node'), tie('node')).map(([left, right]) => `(${left} AND ${right})`),
      fc.tuple(tie('node'), tie('node')).map(([left, right]) => `(${left} OR ${right})`),
      tie('node').map((inner) => `NOT (${inner})`),
    ),
  })).node;

export const comparison = fc.constantFrom('=', '<>', '<', '<=', '>', '>=');

/** A text as SQL has it. */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
