/**
 * The way from a process to a server. A call is two steps, its start and its reply, and either may
 * be slow, come to nothing or come too late; what a server was asked to do it may do twice, or long
 * after the caller has given up or died.
 */

import type { Random } from '@holdfast/simulation/random.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { Weather } from './weather.ts';

export interface Server {
  readonly name: string;
  isUp: boolean;
}

export interface CallOptions<Answer> {
  readonly label: string;
  readonly execute: () => Promise<Answer>;
  /** Nothing was done. */
  readonly refused: () => Error;
  /** It is not known whether it was done. */
  readonly inDoubt: () => Error;
  /** The client sends it again by itself: the server may do it twice, at once or at any time. */
  readonly again?: 'at once' | 'any time';
}

export interface Network {
  call<Answer>(from: SimulatedProcess, to: Server, options: CallOptions<Answer>): Promise<Answer>;
  setWeather(weather: Weather): void;
}

type Fate = 'fine' | 'refused' | 'request lost' | 'reply lost' | 'late' | 'twice';

/** A dead process's requests that are on their way still arrive so often. */
const ARRIVES_AFTER_DEATH = 0.5;
const SLOW_MS = [5, 50, 700, 3_000] as const;
/** A caller gives up after so long. */
const PATIENCE_MS = [20, 1_000] as const;

export const network = (scheduler: Scheduler, random: Random, first: Weather): Network => {
  let { calls } = first;

  const delay = (): number => (random.chance(calls.slow) ? random.pick(SLOW_MS) : 0);

  const drawFate = (canRepeat: boolean): Fate => {
    const { refused, requestLost, replyLost, late, twice } = calls;
    let left = random.fraction();
    const falls = (chance: number): boolean => {
      left -= chance;
      return left < 0;
    };
    if (falls(refused)) return 'refused';
    if (falls(requestLost)) return 'request lost';
    if (falls(replyLost)) return 'reply lost';
    if (falls(late)) return 'late';
    return canRepeat && falls(twice) ? 'twice' : 'fine';
  };

  const call = <Answer>(
    from: SimulatedProcess,
    to: Server,
    { label, execute, refused, inDoubt, again }: CallOptions<Answer>,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const fate = drawFate(again !== undefined);
      const reply = (how: string, tell: () => void, afterMs = delay()): void => {
        from.plan(`<- ${label}: ${how}`, tell, afterMs);
      };
      const arrive = async (): Promise<void> => {
        if (!from.isAlive() && !random.chance(ARRIVES_AFTER_DEATH)) return;
        if (!to.isUp) {
          if (fate !== 'late') reply('refused', () => reject(refused()));
          return;
        }
        if (fate === 'twice' && again === 'at once') await execute().catch(() => undefined);
        let tell: () => void;
        try {
          const answer = await execute();
          scheduler.note(() => `${to.name}: ${label} of ${from.name}: ${shown(answer)}`);
          tell = () => resolve(answer);
        } catch (error) {
          scheduler.note(() => `${to.name}: ${label} of ${from.name}: ${error}`);
          tell = () => reject(error);
        }
        if (fate === 'late') return;
        if (fate === 'reply lost') reply('no reply', () => reject(inDoubt()));
        else reply('replied', tell);
      };
      const start = (afterMs: number): void => {
        scheduler.plan(`${from.name} -> ${label}`, arrive, afterMs);
      };
      if (fate === 'refused') {
        reply('refused', () => reject(refused()));
      } else if (fate === 'request lost') {
        reply('no reply', () => reject(inDoubt()), random.pick(PATIENCE_MS));
      } else if (fate === 'late') {
        reply('no reply in time', () => reject(inDoubt()), random.pick(PATIENCE_MS));
        start(random.pick(SLOW_MS));
      } else {
        start(delay());
        // Whichever reply comes first is the answer.
        if (fate === 'twice' && again === 'any time') start(random.pick([0, ...SLOW_MS]));
      }
    });

  return {
    call,
    setWeather: (weather) => {
      calls = weather.calls;
    },
  };
};

const shown = (answer: unknown): string => {
  const text = JSON.stringify(answer) ?? '';
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
};
const MOST_SHOWN = 200;
