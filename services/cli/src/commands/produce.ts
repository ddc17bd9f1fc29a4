/** `holdfast produce`: a file of events onto the input topic, so that anyone can try their own. */

import type { Command } from '@holdfast/command/command.ts';
import { brokers, httpUrl, topicName } from '@holdfast/config/kinds.ts';
import type { Kind } from '@holdfast/config/variable.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { EVENTS_FLAG, sayLeftOut } from '../file-flags.ts';
import { count } from '../format.ts';

const DEFAULT_TOPIC = 'subscription-changes';
/** Where docker-compose.yml has it. */
const DEFAULT_REGISTRY = 'http://localhost:8081/apis/ccompat/v7';

const EXAMPLE = '--events docs/examples/events.jsonl --bootstrap localhost:9092';

export const produce: Command = {
  name: 'produce',
  summary: 'puts the events of a file on the input topic, in Avro',
  examples: [EXAMPLE, `${EXAMPLE} --registry ${DEFAULT_REGISTRY} --topic ${DEFAULT_TOPIC}`],
  flags: {
    ...EVENTS_FLAG,
    bootstrap: {
      value: 'HOST',
      about: 'brokers as host:port, separated by commas',
      required: true,
    },
    registry: { value: 'URL', about: `schema registry; else ${DEFAULT_REGISTRY}` },
    topic: { value: 'NAME', about: `input topic; else ${DEFAULT_TOPIC}` },
  },
  async run(given, world) {
    const topic = taken('topic', topicName, given.text('topic') ?? DEFAULT_TOPIC);
    const target = {
      brokers: taken('bootstrap', brokers, given.need('bootstrap')),
      registryUrl: taken('registry', httpUrl, given.text('registry') ?? DEFAULT_REGISTRY),
      topic,
    };
    // Only this command needs Kafka's client, which takes longer to load than all else together.
    const { produceFile } = await import('../produce-file.ts');
    const { lines, bad } = await produceFile(world, given.need('events'), target);
    world.out(`${count(lines - bad)} records written to ${topic}\n`);
    return sayLeftOut(given, world, bad, lines) ? 1 : 0;
  },
};

/** Throws `usage`, naming the flag. */
function taken<Value>(flag: string, { schema, wanted }: Kind<Value>, text: string): Value {
  const read = schema.safeParse(text);
  if (read.success) return read.data;
  throw new HoldfastError('usage', `--${flag} "${text}"; want ${wanted}`);
}
