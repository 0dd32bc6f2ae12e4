/** Runs statements on an org made for that, or says that it cannot. Handed in by the front door: pages are made without it as well. */
export interface ExampleRunner {
  /** Values of parameters of the server's address: `{ subdomain: 'demo' }`. */
  readonly serverValues: Readonly<Record<string, string>>;
  /** Runs one statement whole. */
  readonly run: (sql: string) => Promise<RunResult>;
  readonly close: () => Promise<void>;
}

export type RunResult =
  | {
      readonly kind: 'rows';
      readonly columns: readonly { readonly name: string; readonly type: string }[];
      /** Values as text; `undefined` for NULL. */
      readonly rows: readonly (readonly (string | undefined)[])[];
      readonly requests: number;
    }
  | { readonly kind: 'effect'; readonly message: string; readonly requests: number }
  /** It failed, or its result is incomplete: the error as the command line prints it. */
  | { readonly kind: 'failure'; readonly code: string; readonly text: string };
