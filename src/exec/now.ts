import { cast, stringConstant } from '../sql/build.ts';
import type { TreeNode } from '../sql/tree.ts';

/** Functions and keywords that give the current moment, with the engine type of what they give. */
const MOMENTS: Readonly<Record<string, string>> = {
  now: 'TIMESTAMP WITH TIME ZONE',
  current_timestamp: 'TIMESTAMP WITH TIME ZONE',
  get_current_timestamp: 'TIMESTAMP WITH TIME ZONE',
  transaction_timestamp: 'TIMESTAMP WITH TIME ZONE',
  statement_timestamp: 'TIMESTAMP WITH TIME ZONE',
  clock_timestamp: 'TIMESTAMP WITH TIME ZONE',
  localtimestamp: 'TIMESTAMP',
  current_localtimestamp: 'TIMESTAMP',
  current_date: 'DATE',
  today: 'DATE',
  current_time: 'TIME',
  localtime: 'TIME',
  current_localtime: 'TIME',
  get_current_time: 'TIME',
};

/**
 * The constant that stands for `now()` and its kin in one statement: planning and evaluation must see the same moment,
 * or `since = now() - INTERVAL 1 DAY` would differ from what was asked of the API.
 */
export function nowConstant(name: string, epochMs: number): TreeNode | undefined {
  const type = MOMENTS[name];
  if (type === undefined) return undefined;
  const iso = new Date(epochMs).toISOString();
  const value =
    type === 'DATE'
      ? iso.slice(0, 10)
      : type === 'TIME'
        ? iso.slice(11, 23)
        : type === 'TIMESTAMP'
          ? iso.slice(0, 23).replace('T', ' ')
          : iso;
  return cast(stringConstant(value), type);
}
