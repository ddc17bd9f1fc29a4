/** Bugs of how the output logs are written and read back. */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { HEADERS, sequenceOf } from '@holdfast/pipeline/headers.ts';
import { decodeOutboxEntry } from '@holdfast/pipeline/outbox-entry.ts';
import type {
  OutputPosition,
  OutputRecord,
  PartitionOutput,
  PublishedRecord,
} from '@holdfast/pipeline/ports.ts';
import type { Weather } from '@holdfast/testkit/faults/weather.ts';
import { changedStore, type PlantedBug, withOutput } from './planted-bug.ts';

type Pages = AsyncIterable<readonly PublishedRecord[]>;

async function* nothing(): AsyncGenerator<readonly PublishedRecord[]> {}

async function* changed(
  pages: Pages,
  change: (record: PublishedRecord) => PublishedRecord,
): AsyncGenerator<readonly PublishedRecord[]> {
  for await (const page of pages) yield page.map(change);
}

const noTail = withOutput('the tail of the logs is not read at a claim', () => ({
  readDeltas: nothing,
  readDeadLetters: nothing,
}));

/** Partitions move while sends are slow. */
const MOVES: Weather = {
  calls: { refused: 0, requestLost: 0, replyLost: 0, late: 0.05, twice: 0, slow: 0.1 },
  incidents: { append: 4, rebalance: 2, stop: 1, join: 1 },
  unrest: 0.1,
};

const initTooLate: PlantedBug = {
  name: 'the producer is opened after the tail was read (wrong order of the claim)',
  seams: {
    weather: MOVES,
    tools: (tools, { truth }) => ({
      ...tools,
      sink: {
        ...tools.sink,
        open: async (partition) => {
          // Reading needs no producer.
          const reader = truth.sink;
          const all = (records: readonly PublishedRecord[], from: number) =>
            records.filter(({ offset }) => offset >= from);
          let opened: PartitionOutput | null = null;
          return {
            publish: async (batch) => {
              opened ??= await tools.sink.open(partition);
              return opened.publish(batch);
            },
            readDeltas: async function* (from) {
              await tools.clock.wait(1);
              yield all(reader.deltas(partition), from);
            },
            readDeadLetters: async function* (from) {
              await tools.clock.wait(1);
              yield all(reader.deadLetters(partition), from);
            },
            end: async () => ({
              deltaOffset: Number.MAX_SAFE_INTEGER,
              deadLetterOffset: Number.MAX_SAFE_INTEGER,
            }),
            close: async () => opened?.close(),
          };
        },
      },
    }),
  },
};

const refoldWithout = (name: string, log: 'readDeltas' | 'readDeadLetters'): PlantedBug =>
  withOutput(name, (output) => ({
    [log]: (from: number) => (from === 0 ? nothing() : output[log](from)),
  }));

const forgetsDead = refoldWithout('folding again forgets dead offsets', 'readDeadLetters');

const forgetsDeltas = refoldWithout('an empty store publishes from sequence 0 again', 'readDeltas');

const fencedComesBack = withOutput(
  'a fenced producer inits again and goes on',
  (output, sink, partition) => {
    let standing = output;
    return {
      publish: async (batch) => {
        try {
          return await standing.publish(batch);
        } catch (error) {
          if (!isHoldfastError(error, 'publish_fenced')) throw error;
          standing = await sink.open(partition);
          return standing.publish(batch);
        }
      },
    };
  },
);

const sentAgain = withOutput(
  'what is in doubt is sent again without reading the log',
  (output, sink, partition) => {
    let standing = output;
    return {
      publish: async (batch) => {
        try {
          return await standing.publish(batch);
        } catch (error) {
          if (!isHoldfastError(error, 'publish_in_doubt')) throw error;
          standing = await sink.open(partition);
          return standing.publish(batch);
        }
      },
    };
  },
);

const doubtIsSuccess = withOutput('a send in doubt is taken for done', (output) => {
  let position: OutputPosition = { deltaOffset: 0, deadLetterOffset: 0 };
  return {
    publish: async (batch) => {
      try {
        position = await output.publish(batch);
      } catch (error) {
        if (!isHoldfastError(error, 'publish_in_doubt')) throw error;
      }
      return position;
    },
  };
});

const acknowledgedTooEarly = withOutput('a send is acknowledged before it is done', (output) => {
  let before: Promise<unknown> = Promise.resolve();
  return {
    publish: async (batch) => {
      before = before.then(() => output.publish(batch)).catch(() => undefined);
      return output.end();
    },
  };
});

const waitsForControlRecords = withOutput(
  'reading waits for control records at the end of the log',
  (output) => ({
    readDeltas: async function* (from) {
      let next = from;
      for await (const page of output.readDeltas(from)) {
        yield page;
        next = (page.at(-1)?.offset ?? next - 1) + 1;
      }
      const { deltaOffset } = await output.end();
      if (next < deltaOffset) await new Promise(() => undefined);
    },
  }),
);

/** The store goes back and forth while much is not published yet. */
const FORKS: Weather = {
  calls: { refused: 0.1, requestLost: 0.05, replyLost: 0, late: 0, twice: 0, slow: 0.1 },
  incidents: { append: 4, leap: 1, outage: 2, site_lost: 1, fork_returns: 1 },
  unrest: 0.1,
};

/** The log's records of these sequences look as the outbox has them. */
const bySequenceAlone: PlantedBug = {
  name: 'a fork is told by its sequences alone',
  seams: {
    weather: FORKS,
    tools: (tools) => {
      const expected = new Map<number, Map<number, OutputRecord>>();
      const claiming = changedStore(tools, (claimed, partition) => {
        const deltas = claimed.outbox.flatMap(({ entry }) => decodeOutboxEntry(entry).deltas);
        const bySequence = deltas.map((delta) => [sequenceOf(delta) as number, delta] as const);
        expected.set(partition, new Map(bySequence));
        return claimed;
      });
      return { ...claiming, sink: withExpected(tools.sink, expected) };
    },
  },
};

const withExpected = (
  sink: Parameters<Parameters<typeof withOutput>[1]>[1],
  expected: ReadonlyMap<number, ReadonlyMap<number, OutputRecord>>,
): typeof sink => ({
  ...sink,
  open: async (partition) => {
    const output = await sink.open(partition);
    return {
      ...output,
      readDeltas: (from) =>
        changed(output.readDeltas(from), (record) => ({
          ...record,
          ...expected.get(partition)?.get(sequenceOf(record) as number),
        })),
    };
  },
});

const publishedFirst: PlantedBug = {
  name: 'deltas are published before their commit',
  seams: {
    tools: (tools) => {
      const outputs = new Map<number, PartitionOutput>();
      const sent = new Map<number, OutputPosition>();
      const claiming = changedStore(tools, (claimed, partition) => ({
        ...claimed,
        store: {
          ...claimed.store,
          commit: async (commit) => {
            if (commit.outbox !== null) {
              const output = outputs.get(partition) as PartitionOutput;
              sent.set(partition, await output.publish(decodeOutboxEntry(commit.outbox)));
            }
            return claimed.store.commit(commit);
          },
        },
      }));
      return {
        ...claiming,
        sink: {
          ...tools.sink,
          open: async (partition) => {
            const output = await tools.sink.open(partition);
            outputs.set(partition, output);
            const publish = async () => sent.get(partition) as OutputPosition;
            return { ...output, publish };
          },
        },
      };
    },
  },
};

const wrongAsOf = withOutput('folding again starts the last commit at its end', (output) => ({
  readDeltas: (from) =>
    from > 0
      ? output.readDeltas(from)
      : changed(output.readDeltas(from), (record) => ({
          ...record,
          headers: {
            ...record.headers,
            [HEADERS.fromAsOf]: record.headers[HEADERS.asOf] as string,
          },
        })),
}));

export const OUTPUT_BUGS: readonly PlantedBug[] = [
  noTail,
  initTooLate,
  forgetsDead,
  forgetsDeltas,
  fencedComesBack,
  sentAgain,
  doubtIsSuccess,
  acknowledgedTooEarly,
  waitsForControlRecords,
  bySequenceAlone,
  publishedFirst,
  wrongAsOf,
];
