/** What one round of a contender gives: a value to compare between contenders, and further times in milliseconds. */
export interface Outcome {
  readonly answer: unknown;
  readonly times?: Readonly<Record<string, number>>;
}

/** Where the org is, and what else the contenders of one measurement are told. */
export interface Setup {
  readonly url: string;
  readonly token: string;
  readonly dist: string;
  readonly options: Readonly<Record<string, string | number>>;
}

/** A module of `contenders/`: prepares once, then runs a round whenever it is told to. */
export interface Contender {
  readonly prepare: (setup: Setup) => Promise<() => Promise<Outcome>>;
}

/** One round as its process measured it. */
export interface Round extends Outcome {
  readonly wallMs: number;
  /** User and system time of the contender's process, all threads. */
  readonly cpuMs: number;
}
