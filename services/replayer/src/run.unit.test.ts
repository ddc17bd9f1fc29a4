/** Calls of the replayer that reach nothing: help, and calls that are wrong. */

import { describe, expect, it } from 'vitest';
import { commandsWith, run } from './run.ts';

const call = async (words: readonly string[]) => {
  let [out, err] = ['', ''];
  const exit = await run(
    words,
    {},
    {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      redraw: null,
      now: () => 0,
    },
  );
  return { exit, out, err };
};

describe('help', () => {
  it.each(commandsWith({}))(
    'of $name has a sentence, two examples, flags and exit codes',
    async (command) => {
      const { exit, out, err } = await call([command.name, '--help']);
      expect({ exit, err }).toEqual({ exit: 0, err: '' });
      expect(out).toContain(`replayer ${command.name}: ${command.summary}.`);
      expect(out.match(new RegExp(`^  pnpm replayer ${command.name}`, 'gm'))).toHaveLength(2);
      for (const flag of Object.keys(command.flags)) expect(out).toContain(`--${flag}`);
      expect(out).toContain('Exit codes: 0 done, 1 a promise is broken or it could not be done');
    },
  );
});

describe('a wrong call', () => {
  it.each([
    [[], 'no command; want one of status, verify, rebuild, promote, rollback'],
    [['verfy'], 'did you mean verify?'],
    [['promote', '--genration', '2'], 'did you mean --generation?'],
    [['verify'], 'HOLDFAST_KAFKA_BOOTSTRAP is not set'],
    [['verify', '--policy', 'none.yaml'], 'none.yaml'],
  ])('%j exits 2 with one line that says what is wrong', async (words, sentence) => {
    const { exit, out, err } = await call(words);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain(sentence);
    expect(err.split('\n')).toHaveLength(2);
  });
});
