import type { EngineColumn, SqlValue } from '../engine/types.ts';
import type { Cursor, Notice, Receipt } from './types.ts';

/** What a cursor over a finished statement shows. */
export interface CursorContent {
  readonly kind: Cursor['kind'];
  readonly command: string;
  readonly receipt: Receipt;
  readonly columns?: readonly EngineColumn[];
  readonly rows?: readonly (readonly SqlValue[])[];
  readonly message?: string | undefined;
  readonly notices?: readonly Notice[];
}

/** A cursor over rows that are all there: of SHOW, DESCRIBE, EXEC and the effects. Closing it does nothing. */
export function cursorOf(content: CursorContent): Cursor {
  const rows = content.rows ?? [];
  return {
    kind: content.kind,
    command: content.command,
    columns: content.columns ?? [],
    batches: batchesOf(rows),
    message: () => content.message,
    notices: () => content.notices ?? [],
    receipt: () => content.receipt,
    close: async () => {},
  };
}

/** Every row of a cursor, which is closed afterwards. For results that must be whole before the next step. */
export async function readAll(cursor: Cursor): Promise<(readonly SqlValue[])[]> {
  const rows: (readonly SqlValue[])[] = [];
  try {
    for await (const batch of cursor.batches) rows.push(...batch);
  } finally {
    await cursor.close();
  }
  return rows;
}

const BATCH_ROWS = 1024;

async function* batchesOf(rows: readonly (readonly SqlValue[])[]): AsyncGenerator<readonly (readonly SqlValue[])[]> {
  for (let start = 0; start < rows.length; start += BATCH_ROWS) yield rows.slice(start, start + BATCH_ROWS);
}
