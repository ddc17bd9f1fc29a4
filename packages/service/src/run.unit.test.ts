import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const EXAMPLE = fileURLToPath(new URL('../testing/example-main.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const start = (does: string | undefined, ...args: string[]): ChildProcess => {
  const { EXAMPLE: _, ...env } = process.env;
  return spawn(process.execPath, [EXAMPLE, ...args], {
    env: does === undefined ? env : { ...env, EXAMPLE: does },
  });
};

const ended = async (child: ChildProcess): Promise<Ended> => {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close'),
  ]);
  return { code, stdout, stderr };
};

/** Once the service has said that it runs; every line of a log is written at once. */
const running = async (child: ChildProcess): Promise<void> => {
  await once(child.stderr!, 'readable');
};

const linesOf = ({ stderr }: Ended): readonly Record<string, unknown>[] =>
  stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a service', () => {
  it('tells every mistake of its configuration and ends with 2', async () => {
    const { code, stderr } = await ended(start(undefined));
    expect(code).toBe(2);
    expect(stderr).toBe(
      'example: the configuration is wrong: 2 mistakes\n  EXAMPLE is not set\n  nor is MORE\n',
    );
  });

  it('ends with 2 for arguments that it does not know', async () => {
    const { code, stderr } = await ended(start('run', '--validat'));
    expect(code).toBe(2);
    expect(stderr).toBe(
      'example: the call is wrong: --validat; want nothing, --validate or --help\n',
    );
  });

  it('checks the configuration and ends with 0 for --validate', async () => {
    const right = await ended(start('fail', '--validate'));
    expect(right).toEqual({ code: 0, stdout: 'example: the configuration is right\n', stderr: '' });
    expect((await ended(start(undefined, '--validate'))).code).toBe(2);
  });

  it('says what it does for --help', async () => {
    const { code, stdout } = await ended(start(undefined, '--help'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^An example\.\n/);
  });

  it('logs what stopped it in one line with code and action, and ends with 1', async () => {
    const end = await ended(start('fail'));
    expect(end.code).toBe(1);
    expect(linesOf(end)).toEqual([
      expect.objectContaining({
        level: 'error',
        service: 'example',
        message:
          'a topic is missing or has the wrong settings: subscription-changes does not exist',
        code: 'topic_missing',
        action: 'Create or alter the topic as docs/OPERATIONS.md says.',
      }),
    ]);
  });

  it('logs an error that nobody caught in one line, and ends with 1', async () => {
    const end = await ended(start('throw elsewhere'));
    expect(end.code).toBe(1);
    expect(linesOf(end)).toEqual([
      expect.objectContaining({ error: expect.objectContaining({ message: 'a defect' }) }),
    ]);
  });

  it.each([
    ['SIGTERM', 'run'],
    ['SIGINT', 'run'],
    ['SIGTERM', 'give up'],
  ] as const)('ends in order with 0 on %s (%s)', async (signal, does) => {
    const child = start(does);
    await running(child);
    const end = ended(child);
    child.kill(signal);
    const { code, stderr } = await end;
    expect(code).toBe(0);
    expect(stderr).not.toContain('left open');
  });

  it('ends with 0 and says so where something fails after the end', async () => {
    const child = start('fail late');
    await running(child);
    const end = ended(child);
    child.kill('SIGTERM');
    const { code, stderr } = await end;
    expect(code).toBe(0);
    expect(stderr).toContain('too late');
    expect(stderr).not.toContain('defect');
  });

  it('ends with 0 and says so where something was left open', async () => {
    const child = start('forget');
    await running(child);
    const end = ended(child);
    child.kill('SIGTERM');
    const { code, stderr } = await end;
    expect(code).toBe(0);
    expect(stderr).toContain('left open');
  });

  it('ends at once on a second signal', async () => {
    const child = start('hang');
    await running(child);
    const end = ended(child);
    child.kill('SIGTERM');
    child.kill('SIGINT');
    expect([130, 143]).toContain((await end).code);
  });
});
