/**
 * The log: one JSON object a line on stderr, for machines; people read it through a viewer. Times
 * are the wall's, also where a service lives in a simulated one. Never holds a record's content or
 * a secret; callers give facts by name.
 */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { pino } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** What a line says beside its message. `error` takes any error. */
export type Facts = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(message: string, facts?: Facts): void;
  info(message: string, facts?: Facts): void;
  warn(message: string, facts?: Facts): void;
  error(message: string, facts?: Facts): void;
  /** A logger whose every line has these facts, too. */
  with(facts: Facts): Logger;
}

export interface LoggerOptions {
  /** Name of the service; on every line. */
  readonly service: string;
  readonly level: LogLevel;
  /** Where lines go instead of stderr. */
  readonly destination?: { readonly write: (line: string) => void };
}

/** An error of the closed list explains itself; of any other the stack is wanted. */
const describe = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const { name, message, cause } = error;
  const known = isHoldfastError(error);
  return {
    ...(known ? { code: error.code, retry: error.retry } : { name }),
    message,
    ...(known ? {} : { stack: error.stack }),
    ...(cause === undefined ? {} : { cause: describe(cause) }),
  };
};

const wrap = (log: pino.Logger): Logger => ({
  debug: (message, facts = {}) => log.debug(facts, message),
  info: (message, facts = {}) => log.info(facts, message),
  warn: (message, facts = {}) => log.warn(facts, message),
  error: (message, facts = {}) => log.error(facts, message),
  with: (facts) => wrap(log.child(facts)),
});

export const createLogger = ({ service, level, destination }: LoggerOptions): Logger =>
  wrap(
    pino(
      {
        level,
        base: { service },
        messageKey: 'message',
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        serializers: { error: describe },
      },
      // Written at once: the last line before a crash is the one that is needed.
      destination ?? pino.destination({ dest: 2, sync: true }),
    ),
  );
