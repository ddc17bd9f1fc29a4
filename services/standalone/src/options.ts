/** What the demo's command line says. */

import { parseArgs } from 'node:util';
import { HoldfastError } from '@holdfast/domain/errors.ts';

export interface DemoOptions {
  /** Customers after two years. */
  readonly customers: number;
  readonly seed: number;
  readonly port: number;
  /** Simulated days that pass in a second once the demo is live. */
  readonly daysPerSecond: number;
  /** Ends by itself after so long, ms; null: runs until it is stopped. */
  readonly forMs: number | null;
}

export const HELP = `Runs a simulated company through Holdfast in this one process: two years at once, then live.

  pnpm demo                  a live screen; Ctrl-C stops
  pnpm demo --for 20s | cat  plain lines, ends by itself

  --customers N        customers after two years (2000)
  --days-per-second N  speed once it is live (1)
  --port N             of /metrics on this machine (8080; taken: another one)
  --seed N             another company (17)
  --for DURATION       ends by itself after 20s, 5m ... of being live
Exit codes: 0 ended, 1 an error stopped it, 2 the call is wrong.
`;

/** The options, or null where help is asked for. Throws `usage`. */
export function readOptions(args: readonly string[]): DemoOptions | null {
  const values = parse(args);
  if (values.help === true) return null;
  return {
    customers: whole('customers', values.customers ?? '2000', 1, 100_000),
    seed: whole('seed', values.seed ?? '17', 0, 2 ** 31),
    port: whole('port', values.port ?? '8080', 0, 65_535),
    daysPerSecond: whole('days-per-second', values['days-per-second'] ?? '1', 1, 31),
    forMs: values.for === undefined ? null : milliseconds(values.for),
  };
}

const parse = (args: readonly string[]) => {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      // pnpm hands the separator of `pnpm demo -- --for 20s` on.
      args: args.filter((argument) => argument !== '--'),
      options: {
        customers: text,
        seed: text,
        port: text,
        'days-per-second': text,
        for: text,
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new HoldfastError('usage', error instanceof Error ? error.message : String(error));
  }
};

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new HoldfastError('usage', `--${name} "${text}"; want a number from ${least} to ${most}`);
}

function milliseconds(text: string): number {
  const match = /^(\d{1,5})(s|m|h)$/.exec(text);
  if (match === null) throw new HoldfastError('usage', `--for "${text}"; want 20s, 5m or 1h`);
  return Number(match[1]) * { s: 1_000, m: 60_000, h: 3_600_000 }[match[2] as 's' | 'm' | 'h'];
}
