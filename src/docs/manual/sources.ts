import type { ExampleRunner } from '../examples/types.ts';

/** What the manual is made of. Handed in by the front door: files, settings and exit statuses are its own. */
export interface ManualSources {
  /** Pages of prose as Markdown. */
  readonly prose: readonly ProseSource[];
  readonly settings: readonly SettingSource[];
  /** Exit statuses of the command line with what they mean, in order. */
  readonly exitStatuses: readonly (readonly [status: number, meaning: string])[];
  /** Opens an org for one page, so that no page sees what another changed. */
  readonly openRunner: () => Promise<ExampleRunner>;
}

export interface ProseSource {
  /** The file's name without its ending, and the page's in its address. */
  readonly name: string;
  readonly text: string;
}

export interface SettingSource {
  readonly key: string | undefined;
  readonly env: readonly string[];
  readonly flag: string | undefined;
  readonly type: string;
  readonly default: string | undefined;
  readonly needsTrust: boolean;
  readonly description: string;
}

/** Pages of prose in the order in which a reader needs them. `errors` and `settings` are made from their tables. */
export const MANUAL_ORDER: readonly string[] = [
  'quickstart',
  'dialect',
  'orgs-and-auth',
  'quotas-and-receipts',
  'writes',
  'recipes',
  'emulator',
  'library',
  'settings',
  'errors',
];

/** Address of a page of the manual. */
export const manualPath = (name: string): string => (name === '' ? '/manual/' : `/manual/${name}/`);
