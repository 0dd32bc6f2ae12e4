/** Runs statements on an org made for that, or says that it cannot. Handed in by the front door: pages are made without it as well. */
export interface ExampleRunner {
  /** Values of parameters of the server's address: `{ subdomain: 'demo' }`. */
  readonly serverValues: Readonly<Record<string, string>>;
  /** Runs one statement whole. `undefined` where it fails. */
  readonly run: (sql: string) => Promise<RunResult | undefined>;
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
  | { readonly kind: 'effect'; readonly message: string; readonly requests: number };
