/**
 * What a command needs of the machine besides the files that its flags name. A process
 * makes one of its streams and clock; tests make their own.
 */

export interface World {
  /** Results. */
  readonly out: (text: string) => void;
  /** Everything else, a line at a time. */
  readonly err: (text: string) => void;
  /** Standard error where it is a terminal that can be redrawn; null: no progress is shown. */
  readonly redraw: ((text: string) => void) | null;
  /** UTC ms. */
  readonly now: () => number;
}

/** Done; the data is bad; the call is wrong. */
export type ExitCode = 0 | 1 | 2;
