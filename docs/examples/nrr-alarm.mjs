/**
 * An alarm from the topic `retention-metrics`, with nothing of Holdfast in it: kafkajs and the
 * registry's client as anybody installs them.
 *
 *   node docs/examples/nrr-alarm.mjs --kafka localhost:9092 --registry http://localhost:8081/apis/ccompat/v7
 *
 * Prints a line when net revenue retention falls below the target, when it is back, and when the
 * figures are too old to say anything. A dip and missing data are never taken for each other.
 */

import { parseArgs } from 'node:util';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import kafkajs from 'kafkajs';

const { values: options } = parseArgs({
  options: {
    kafka: { type: 'string', default: 'localhost:9092' },
    registry: { type: 'string', default: 'http://localhost:8081/apis/ccompat/v7' },
    topic: { type: 'string', default: 'retention-metrics' },
    /** One of the policy's windows, a dimension and a member; `all/all` is every customer. */
    figure: { type: 'string', default: 'P12M/all/all' },
    target: { type: 'string', default: '1.0' },
    /** One customer of few is no trend. */
    'least-customers': { type: 'string', default: '20' },
    'oldest-seconds': { type: 'string', default: '60' },
  },
});
const target = Number(options.target);
const leastCustomers = Number(options['least-customers']);
const oldestMs = Number(options['oldest-seconds']) * 1000;

/** The newest record of the figure; null while there is none. */
let figure = null;
/** Up to which instant each partition is folded. */
const asOf = new Map();

/** A figure holds as long as every partition goes on; see docs/OPERATIONS.md. */
const isFresh = () => asOf.size > 0 && Date.now() - Math.min(...asOf.values()) < oldestMs;

const percent = (ratio) => `${(ratio * 100).toFixed(1)}%`;

const verdict = () => {
  if (!isFresh()) return 'STALE nothing can be said: the figures do not move on';
  if (figure === null || figure.nrr === null) return 'OK nothing was open';
  if (figure.opening_customers < leastCustomers) return 'OK too few customers to judge';
  return figure.nrr < target ? 'ALARM' : 'OK';
};

/** In minor units: how many of them make a major one is the currency's. */
const why = ({ nrr, churned_arr_minor, contraction_arr_minor, expansion_arr_minor, currency }) =>
  `NRR ${options.figure} is ${percent(nrr)}, target ${percent(target)}; lost ${churned_arr_minor} ` +
  `by churn and ${contraction_arr_minor} by contraction, gained ${expansion_arr_minor} (${currency} minor units)`;

let said = null;
const judge = () => {
  const found = verdict();
  if (found === said) return;
  said = found;
  console.log(found === 'ALARM' || found === 'OK' ? `${found} ${why(figure)}` : found);
};

const registry = new SchemaRegistry({ host: options.registry });
const kafka = new kafkajs.Kafka({
  clientId: 'nrr-alarm',
  brokers: options.kafka.split(','),
  logLevel: kafkajs.logLevel.ERROR,
});
// The topic is compacted and small: read from its beginning at each start, it is all the state.
const consumer = kafka.consumer({ groupId: `nrr-alarm-${crypto.randomUUID()}` });
await consumer.connect();
await consumer.subscribe({ topic: options.topic, fromBeginning: true });
await consumer.run({
  autoCommit: false,
  eachMessage: async ({ message }) => {
    const key = String(message.key);
    const value = message.value === null ? null : await registry.decode(message.value);
    if (key.startsWith('partition/')) {
      // Written after all figures of its instant, so this is the moment to judge them.
      asOf.set(key, value.as_of);
      judge();
    } else if (key === options.figure) {
      figure = value;
    }
  },
});

const timer = setInterval(judge, 1000);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    clearInterval(timer);
    await consumer.disconnect();
  });
}
