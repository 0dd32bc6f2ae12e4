import { expect, it } from 'vitest';
import { toSnake } from './casing.ts';

it('gives names the snake-case form that documents with aliases expect', () => {
  const names = ['DBInstanceId', 'VpcIDs', 'createdAt', 'nextLink', 'already_snake', 'HTTPSProxy', 'ipv4Address', 'x', 'ARNs', 'tags2'];
  expect(names.map(toSnake)).toEqual([
    'db_instance_id',
    'vpc_ids',
    'created_at',
    'next_link',
    'already_snake',
    'https_proxy',
    'ipv_4_address',
    'x',
    'arns',
    'tags_2',
  ]);
});
