import { expect, test } from 'vitest';
import { complete } from './completion.ts';

const orgs = async (): Promise<readonly string[]> => ['acme', 'demo'];

test.each([
  [['ex'], ['exec', 'explain']],
  [
    ['org', ''],
    ['list', 'test', 'analyze', 'trust'],
  ],
  [['org', 'test', 'a'], ['acme']],
  [
    ['exec', '--org', ''],
    ['acme', 'demo'],
  ],
  [
    ['exec', '-o', 'j'],
    ['json', 'jsonl'],
  ],
  [
    ['exec', '--unavailable', ''],
    ['error', 'null'],
  ],
  [['exec', '--ti'], ['--timeout']],
  [['emulate', '--se'], ['--seed']],
  [['completion', 'z'], ['zsh']],
  [['exec', 'SELECT'], []],
])('%j offers %j', async (words, candidates) => {
  expect(await complete(words, orgs)).toEqual(candidates);
});
