import { expect, test } from 'vitest';
import { endsStatement } from './statement-end.ts';

test.each([
  ['SELECT 1;', true],
  ['SELECT 1; -- done', true],
  ['SELECT 1; /* done */ ', true],
  ['SELECT 1', false],
  ["SELECT ';", false],
  ["SELECT ';'", false],
  ["SELECT 'it''s';", true],
  ['SELECT $$;$$', false],
  ['SELECT $$;$$;', true],
  ['SELECT 1 -- ;', false],
  ['SELECT /* ; ', false],
  ['', false],
])('%j: %s', (text, isEnded) => {
  expect(endsStatement(text)).toBe(isEnded);
});
