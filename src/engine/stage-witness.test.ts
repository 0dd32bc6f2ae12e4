import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from './open-engine.ts';
import type { Engine, StageColumn } from './types.ts';

let engine: Engine;
let count = 0;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.close());

const bytes = (body: unknown) => new TextEncoder().encode(JSON.stringify(body));
const column = (name: string, type = 'VARCHAR', path: readonly string[] | undefined = [name]): StageColumn => ({ name, type, path });

test('a witness stands for a row of which nothing else is there, and changes no other', async () => {
  const rows = [{ id: 'a' }, { id: 'b', d: 'x' }, { id: null, d: null }, {}];
  for (const [columns, witness] of [
    [[column('d')], ['id']],
    [[column('d'), column('id')], ['id']],
    [[column('d'), column('ID', 'VARCHAR', ['ID'])], ['id']],
    [[column('d'), column('deep', 'VARCHAR', ['id', 'deep'])], ['id']],
    [[column('d'), column('row', 'JSON', [])], ['id']],
  ] as const) {
    const stage = await engine.createStage({ name: `s${count++}`, columns, witness });
    expect((await stage.append(bytes(rows.slice(0, 2)), [], {})).rows).toBe(2);
    expect((await stage.append(bytes(rows), [], {})).rows).toBe(4);
    expect((await engine.rows(`FROM ${stage.sqlName}`)).rows.map(([d]) => d)).toEqual([null, 'x', null, 'x', null, null]);
  }
  const counted = await engine.createStage({
    name: `s${count++}`,
    columns: [{ name: 'groupId', type: 'VARCHAR', path: undefined }],
    witness: ['id'],
  });
  expect((await counted.append(bytes(rows), [], { groupId: 'g' })).rows).toBe(4);
  const strict = await engine.createStage({ name: `s${count++}`, columns: [column('d')], witness: ['id'] });
  await expect(strict.append(bytes([1, { id: 'a' }]), [], {})).rejects.toMatchObject({ code: 'invalid_response' });
});
