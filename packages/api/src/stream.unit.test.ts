/** The live stream: what it tells, how a reader goes on, and that no reader can hold it up. */

import { once } from 'node:events';
import { connect } from 'node:net';
import type { ArrDelta } from '@holdfast/domain/delta.ts';
import { describe, expect, it, vi } from 'vitest';
import { AS_OF, type Sample, startSample } from '../testing/sample.ts';

interface Told {
  readonly event: string;
  readonly id: string;
  readonly data: { readonly [field: string]: unknown };
}

const SOON = { timeout: 20_000, interval: 20 } as const;

/** Reads the stream until it is ended. */
async function listen({ api }: Sample, headers: Readonly<Record<string, string>> = {}) {
  const ending = new AbortController();
  const response = await fetch(`${api.url}/v1/stream`, { headers, signal: ending.signal });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const told: Told[] = [];
  const read = async (): Promise<void> => {
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const events = text.split('\n\n');
      text = events.pop() as string;
      for (const event of events) {
        const fields = Object.fromEntries(
          event.split('\n').map((line) => {
            const colon = line.indexOf(': ');
            return [line.slice(0, colon), line.slice(colon + 2)];
          }),
        );
        if (fields.data === undefined) continue;
        told.push({ event: fields.event!, id: fields.id!, data: JSON.parse(fields.data) });
      }
    }
  };
  const ended = read().catch(() => undefined);
  return {
    told,
    ended,
    of: (event: string) => told.filter((one) => one.event === event),
    end: async () => {
      ending.abort();
      await ended;
    },
  };
}

/** More of the same customer's, one second later each. */
const more = ({ said }: Sample, count: number): readonly ArrDelta[] => {
  const last = said.findLast((one): one is ArrDelta => one.type === 'arr_delta')!;
  return Array.from({ length: count }, (_, index) => ({
    ...last,
    deltaId: `g1:0:${said.length + index}`,
    effectiveAt: (last.effectiveAt + index + 1) as ArrDelta['effectiveAt'],
  }));
};

const take = async (sample: Sample, deltas: readonly ArrDelta[], asOf: number): Promise<void> => {
  const { intake } = sample.ledger;
  const from = sample.said.length;
  await intake.take(0, deltas, from + deltas.length);
  intake.complete(0, { asOf, nextSequence: intake.position(0).nextSequence });
};

describe('the stream', () => {
  it('begins with the status and the figures, and tells of what comes', async () => {
    await using sample = await startSample();
    const reader = await listen(sample);
    await vi.waitFor(() => expect(reader.told.length).toBeGreaterThanOrEqual(2), SOON);
    expect(reader.told.map(({ event }) => event).slice(0, 2)).toEqual(['status', 'figures']);
    expect(reader.of('figures')[0]?.data).toMatchObject({
      as_of: new Date(AS_OF).toISOString(),
      windows: [{ window: 'P1M' }, { window: 'P3M' }, { window: 'P12M' }],
    });
    await take(sample, more(sample, 2), AS_OF + 1_000);
    await vi.waitFor(() => expect(reader.of('movement')).toHaveLength(2), SOON);
    await vi.waitFor(() => expect(reader.of('figures').length).toBeGreaterThan(1), SOON);
    const newest = `${sample.said.length + 2}`;
    await vi.waitFor(() => expect(reader.told.at(-1)?.id).toBe(newest), SOON);
    expect(reader.of('movement').map(({ data }) => data.delta_id)).toEqual(
      more(sample, 2).map(({ deltaId }) => deltaId),
    );
    await reader.end();
  });

  it('tells of many movements as a count', async () => {
    await using sample = await startSample();
    const reader = await listen(sample);
    await vi.waitFor(() => expect(reader.told.length).toBeGreaterThanOrEqual(2), SOON);
    await take(sample, more(sample, 30), AS_OF + 1_000);
    await vi.waitFor(() => expect(reader.of('movements')).toHaveLength(1), SOON);
    expect(reader.of('movements')[0]?.data).toEqual({ count: 30 });
    expect(reader.of('movement')).toEqual([]);
    await reader.end();
  });

  it('goes on where a reader was cut off, and takes no id that is not its own', async () => {
    await using sample = await startSample();
    const position = String(sample.said.length);
    await take(sample, more(sample, 3), AS_OF + 1_000);
    const again = await listen(sample, { 'Last-Event-ID': position });
    await vi.waitFor(() => expect(again.of('movement')).toHaveLength(3), SOON);
    const stranger = await listen(sample, { 'Last-Event-ID': "1'; drop table deltas" });
    await vi.waitFor(() => expect(stranger.told.length).toBeGreaterThanOrEqual(2), SOON);
    expect(stranger.of('movement')).toEqual([]);
    await Promise.all([again.end(), stranger.end()]);
  });

  it('ends with the server, also for a reader that never reads', async () => {
    const sample = await startSample();
    const socket = connect(Number(new URL(sample.api.url).port), '127.0.0.1');
    socket.write('GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n');
    socket.pause();
    const reader = await listen(sample);
    const closed = once(socket, 'close');
    socket.resume();
    await sample[Symbol.asyncDispose]();
    await Promise.all([closed, reader.ended]);
  });
});
