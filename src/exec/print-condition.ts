import type { Engine } from '../engine/types.ts';
import { document, selectNode } from '../sql/build.ts';
import { writeTree } from '../sql/lossless.ts';
import { cloneNode, type TreeNode } from '../sql/tree.ts';

/** A condition of a bound query as SQL, for people. */
export async function printCondition(engine: Engine, condition: TreeNode): Promise<string> {
  const tree = document(
    selectNode({ select: [{ ...cloneNode(condition), alias: '' }], from: { type: 'EMPTY', alias: '', sample: null, query_location: 0 } }),
  );
  const printed = (await engine.print(writeTree(tree))).replace(/^SELECT /, '').replace(/;?\s*$/, '');
  // The engine names where it found a function, and quotes names that it has another use for.
  return printed.replace(
    /\bmain\.(?:"(\w+)"|(\w+))\(/g,
    (_, quoted: string | undefined, plain: string | undefined) => `${quoted ?? plain}(`,
  );
}
