import { STAGE_CATALOG } from '../plan/bind.ts';
import type { Occurrence } from '../plan/types.ts';
import { volatileParts } from '../plan/volatile.ts';
import { baseTable, document, selectNode, star } from '../sql/build.ts';
import { writeTree } from '../sql/lossless.ts';
import { cloneNode, replaceNode, type TreeNode } from '../sql/tree.ts';
import { walk } from '../sql/walk.ts';
import type { PreparedQuery } from './prepare.ts';

/** Tables of results that later steps read in place of the subqueries that gave them. */
export interface KeptResults {
  /** Evaluates what can be evaluated by now. Values that drive a fetch and rows of the result then come from one evaluation. */
  readonly settle: (staged: ReadonlySet<Occurrence>) => Promise<void>;
  readonly drop: () => Promise<void>;
}

/**
 * A subquery with LIMIT, a sample, a window or the like may answer otherwise when it is evaluated again, and a part that drives a
 * fetch is evaluated before the query is: it is put into a table, and the tree reads the table.
 */
export function keepResults(prepared: PreparedQuery): KeptResults {
  const { bound, engine } = prepared;
  const tables: string[] = [];
  const left = volatileParts(bound);
  return {
    settle: async (staged) => {
      for (const part of left.filter(({ reads }) => [...reads].every((occurrence) => staged.has(occurrence)))) {
        left.splice(left.indexOf(part), 1);
        const ctes = { map: part.ctes.filter((entry) => isStaged(entry, staged)).map((entry) => cloneNode(entry)) };
        const tree = document(selectNode({ select: [star()], from: derived(part.query), ctes }));
        const sql = await engine.print(writeTree(tree));
        const parameters = prepared.parametersFor(tree);
        const columns = await engine.describe(sql, parameters);
        // A table cannot hold two columns of one name.
        if (new Set(columns.map((column) => column.name.toLowerCase())).size < columns.length) continue;
        const table = `${bound.occurrences[0]?.id}_once${tables.length + 1}`;
        await engine.rows(`CREATE TABLE ${STAGE_CATALOG}.stage."${table}" AS ${sql}`, parameters);
        tables.push(table);
        replaceNode(part.query, selectNode({ select: [star()], from: baseTable({ catalog: STAGE_CATALOG, schema: 'stage', table }, '') }));
      }
    },
    drop: async () => {
      await Promise.allSettled(tables.splice(0).map((table) => engine.rows(`DROP TABLE IF EXISTS ${STAGE_CATALOG}.stage."${table}"`)));
    },
  };

  function isStaged(entry: TreeNode, staged: ReadonlySet<Occurrence>): boolean {
    let isReady = true;
    walk(entry, (node) => {
      for (const occurrence of bound.within.get(node) ?? []) isReady &&= staged.has(occurrence);
      return isReady;
    });
    return isReady;
  }
}

function derived(query: TreeNode): TreeNode {
  return {
    type: 'SUBQUERY',
    alias: 'part',
    sample: null,
    query_location: 0,
    subquery: { node: cloneNode(query), named_param_map: [] },
    column_name_alias: [],
  };
}
