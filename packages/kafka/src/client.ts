/**
 * One way to a Kafka cluster: addresses, TLS, SASL and where messages go. Everything else in this
 * room starts from here; connections are made by those who use it.
 */

import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import { repairKafkajs } from './repairs.ts';

export type KafkaLogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where kafkajs's own messages go; it never writes to the console. */
export type KafkaLog = (
  level: KafkaLogLevel,
  message: string,
  details: Readonly<Record<string, unknown>>,
) => void;

export interface KafkaOptions {
  /** `host:port` of some brokers of the cluster. */
  readonly brokers: readonly string[];
  /** Names this program in the brokers' logs and quotas. */
  readonly clientId: string;
  /** Node's TLS options, or true for the machine's own certificate authorities. */
  readonly tls?: NonNullable<KafkaConfig['ssl']>;
  readonly sasl?: SASLOptions;
  readonly log: KafkaLog;
}

/** A broker under load may take longer than kafkajs's one second to take a connection. */
const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;

const LEVELS: Readonly<Record<number, KafkaLogLevel>> = {
  [logLevel.ERROR]: 'error',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'info',
  [logLevel.DEBUG]: 'debug',
};

/**
 * Parts of kafkajs that speak of every attempt to connect. What fails there for good is thrown at
 * whoever asked for it, who says it once.
 */
const TALKATIVE: readonly string[] = ['Connection', 'BrokerPool', 'Cluster', 'RequestQueue'];

export const kafkaClient = (options: KafkaOptions): Kafka => {
  repairKafkajs();
  return new Kafka({
    brokers: [...options.brokers],
    clientId: options.clientId,
    ...(options.tls === undefined ? {} : { ssl: options.tls }),
    ...(options.sasl === undefined ? {} : { sasl: options.sasl }),
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => {
      const { message, timestamp: _, logger: __, ...details } = entry.log;
      const quiet = TALKATIVE.includes(entry.namespace);
      const level = quiet ? 'debug' : (LEVELS[entry.level] ?? 'debug');
      options.log(level, `${entry.namespace}: ${message}`, details);
    },
  });
};
