import type { Progress } from '../exec/types.ts';

/** A line on stderr that says how far a statement is. */
export interface ProgressLine {
  readonly update: (progress: Progress) => void;
  /** Takes the line away, before anything else is written. */
  readonly clear: () => void;
  /** Nothing more is said. */
  readonly end: () => void;
}

const SHOW_AFTER_MS = 500;
const REDRAW_MS = 120;
const LOG_EVERY_MS = 10_000;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** On a terminal a line that changes, not before half a second has passed; elsewhere (CI) a line every ten seconds. */
export function createProgressLine(
  stderr: { readonly write: (text: string) => void; readonly isTerminal: boolean; readonly width: number },
  now: () => number,
): ProgressLine {
  const start = now();
  let last: Progress | undefined;
  let isShown = false;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;
  const draw = (): void => {
    if (last === undefined || now() - start < SHOW_AFTER_MS) return;
    isShown = true;
    frame = (frame + 1) % FRAMES.length;
    stderr.write(`\r\u001b[2K${FRAMES[frame]} ${describeProgress(last, now()).slice(0, stderr.width - 3)}`);
  };
  const log = (): void => {
    if (last !== undefined) stderr.write(`progress: ${describeProgress(last, now())}\n`);
  };
  return {
    update: (progress) => {
      last = progress;
      if (timer !== undefined) return;
      timer = stderr.isTerminal ? setInterval(draw, REDRAW_MS) : setInterval(log, LOG_EVERY_MS);
      timer.unref();
    },
    clear: () => {
      if (isShown) stderr.write('\r\u001b[2K');
      isShown = false;
      // Rows that were printed meanwhile do not make a log begin anew.
      if (timer !== undefined && stderr.isTerminal) {
        clearInterval(timer);
        timer = undefined;
      }
    },
    end: () => {
      if (isShown) stderr.write('\r\u001b[2K');
      isShown = false;
      if (timer !== undefined) clearInterval(timer);
      timer = undefined;
    },
  };
}

/** `12 of about 45 requests, 11 pages, 2200 rows, waiting 14 s for the rate limit of users, about 40 s left`. */
export function describeProgress(progress: Progress, now: number): string {
  const requests =
    progress.estimatedRequests === undefined
      ? `${progress.requests} requests`
      : `${progress.requests} of about ${progress.estimatedRequests} requests`;
  const waiting =
    progress.waiting === undefined
      ? ''
      : `, waiting ${Math.max(0, Math.ceil((progress.waiting.untilMs - now) / 1000))} s for the rate limit of ${progress.waiting.bucket}`;
  const left = progress.remainingMs === undefined ? '' : `, about ${durationText(progress.remainingMs)} left`;
  return `${requests}, ${progress.pages} ${progress.pages === 1 ? 'page' : 'pages'}, ${progress.rows} rows${waiting}${left}`;
}

/** `40 s`, `12 min`, `2 h 5 min`. */
function durationText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
