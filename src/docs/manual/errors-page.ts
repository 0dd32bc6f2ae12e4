import { ERROR_CODES, type ErrorCode } from '../../util/error-codes.ts';
import { OrgqlError } from '../../util/errors.ts';
import type { ExampleRunner } from '../examples/types.ts';
import type { Block, Page } from '../model/page.ts';
import { anchor, code, link } from '../model/text.ts';
import { ERROR_EXAMPLES } from './error-examples.ts';
import { type ManualSources, manualPath } from './sources.ts';

/**
 * Every error code under its exit status: what it means, what to do, and where a statement can show it, what it prints. Throws `query_failed` where
 * such a statement raises another error or none.
 */
export async function errorsPage({ exitStatuses, openRunner }: ManualSources): Promise<Page> {
  const runner = await openRunner();
  const blocks: Block[] = [
    { kind: 'heading', level: 2, id: 'exit-statuses', content: ['Exit statuses'] },
    {
      kind: 'table',
      label: 'Exit statuses',
      columns: ['Status', 'Meaning'],
      rows: exitStatuses.map(([status, meaning]) => [
        [codesOf(status).length === 0 ? String(status) : link(`#exit-status-${status}`, String(status))],
        [meaning],
      ]),
    },
  ];
  try {
    for (const [status, meaning] of exitStatuses) {
      const codes = codesOf(status);
      if (codes.length === 0) continue;
      const content = [`Exit status ${status}`];
      blocks.push({ kind: 'heading', level: 2, id: `exit-status-${status}`, content }, { kind: 'paragraph', content: [sentence(meaning)] });
      for (const name of codes) blocks.push(...(await codeBlocks(name, runner)));
    }
  } finally {
    await runner.close();
  }
  return {
    path: manualPath('errors'),
    title: 'Errors - orgql manual',
    heading: 'Errors',
    description:
      'Every error code by the exit status of the command line: what it means and what to do. An error says what, where, why and how to fix it.',
    keywords: ['orgql', 'errors', 'exit status', 'SQLSTATE', ...Object.keys(ERROR_CODES)],
    trail: [
      { text: 'Home', path: '/' },
      { text: 'Manual', path: manualPath('') },
    ],
    menu: [],
    blocks,
  };
}

function codesOf(status: number): readonly ErrorCode[] {
  return Object.keys(ERROR_CODES).filter((name): name is ErrorCode => ERROR_CODES[name as ErrorCode].exitStatus === status);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

async function codeBlocks(name: ErrorCode, runner: ExampleRunner): Promise<readonly Block[]> {
  const { meaning, remedy, sqlState } = ERROR_CODES[name];
  const sql = ERROR_EXAMPLES[name];
  return [
    { kind: 'heading', level: 3, id: anchor(name), content: [code(name)] },
    { kind: 'paragraph', content: [`${meaning} ${remedy} SQLSTATE `, code(sqlState), '.'] },
    ...(sql === undefined ? [] : [await raised(name, sql, runner)]),
  ];
}

async function raised(name: ErrorCode, sql: string, runner: ExampleRunner): Promise<Block> {
  const result = await runner.run(sql);
  if (result.kind !== 'failure' || result.code !== name)
    throw new OrgqlError('query_failed', `The example of ${name} gives ${result.kind === 'failure' ? result.code : 'no error'}`, {
      detail: sql,
    });
  // Not marked as SQL that works, which other blocks promise.
  return { kind: 'code', language: 'text', text: `${sql}\n\n${result.text}` };
}
