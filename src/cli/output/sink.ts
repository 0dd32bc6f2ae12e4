/** Where formatted text goes. `write` resolves when the text was taken, so that a slow reader holds the query back. */
export interface Sink {
  readonly write: (text: string) => Promise<void>;
  /** True where a person reads along: what the terminal could act on is escaped. */
  readonly isTerminal: boolean;
  /** Columns of the terminal; `undefined` where nothing must fit. */
  readonly width: number | undefined;
  readonly useColour: boolean;
}
