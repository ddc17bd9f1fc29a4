import { HoldfastError } from '@holdfast/domain/errors.ts';
import { describe, expect, it } from 'vitest';
import { createLogger, type LogLevel } from './logger.ts';

const logger = (level: LogLevel = 'info') => {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { lines, log: createLogger({ service: 'processor', level, destination }) };
};

describe('the log', () => {
  it('is one JSON object a line, with service, level, time, message and facts', () => {
    const { lines, log } = logger();
    log.with({ partition: 3 }).warn('the store is out of reach', { attempt: 2 });
    expect(lines).toEqual([
      {
        level: 'warn',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        service: 'processor',
        partition: 3,
        attempt: 2,
        message: 'the store is out of reach',
      },
    ]);
  });

  it('leaves out what is less severe than its level', () => {
    const { lines, log } = logger('error');
    log.info('no');
    log.warn('no');
    log.error('yes');
    expect(lines.map(({ message }) => message)).toEqual(['yes']);
    const silent = logger('silent');
    silent.log.error('no');
    expect(silent.lines).toEqual([]);
  });

  it('tells an error of the closed list by its code, with its cause, and any other with its stack', () => {
    const { lines, log } = logger();
    const cause = new Error('connect ECONNREFUSED');
    log.error('stopped', { error: new HoldfastError('store_unavailable', 'redis', { cause }) });
    log.error('stopped', { error: new TypeError('x') });
    expect(lines.map(({ error }) => error)).toEqual([
      {
        code: 'store_unavailable',
        retry: true,
        message: 'the projection store cannot be reached: redis',
        cause: { name: 'Error', message: 'connect ECONNREFUSED', stack: expect.any(String) },
      },
      { name: 'TypeError', message: 'x', stack: expect.stringContaining('logger.unit.test') },
    ]);
  });
});
