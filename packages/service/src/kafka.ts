/** The way to Kafka that a service's configuration names. Connects to nothing by itself. */

import type { ProcessorConfig } from '@holdfast/config/services.ts';
import { type KafkaOptions, kafkaClient } from '@holdfast/kafka/client.ts';
import type { Logger } from '@holdfast/telemetry/logger.ts';

type KafkaConfig = ProcessorConfig['kafka'];

const tlsOf = ({ tls, ca, cert, key }: KafkaConfig): Pick<KafkaOptions, 'tls'> => {
  if (tls === 'off') return {};
  const own = { ...(cert && { cert }), ...(key && { key }), ...(ca && { ca }) };
  return { tls: Object.keys(own).length === 0 ? true : own };
};

const saslOf = ({ mechanism, username, password }: KafkaConfig): Pick<KafkaOptions, 'sasl'> => {
  if (mechanism === undefined || username === undefined || password === undefined) return {};
  const login = { username, password };
  // One of three types for TypeScript, by the mechanism's literal.
  switch (mechanism) {
    case 'plain':
      return { sasl: { mechanism, ...login } };
    case 'scram-sha-256':
      return { sasl: { mechanism, ...login } };
    case 'scram-sha-512':
      return { sasl: { mechanism, ...login } };
  }
};

/** `service` names this program to the brokers. */
export const kafkaOf = (config: KafkaConfig, service: string, log: Logger) =>
  kafkaClient({
    brokers: config.bootstrap,
    clientId: `holdfast-${service}`,
    ...tlsOf(config),
    ...saslOf(config),
    // What kafkajs calls an error it mostly tries again; what stays one is thrown at us.
    log: (level, message, details) =>
      level === 'error' || level === 'warn'
        ? log.warn(message, { kafka: details })
        : log.debug(message, { kafka: details }),
  });
