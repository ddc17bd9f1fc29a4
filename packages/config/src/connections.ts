/**
 * The sections that say where Kafka, the registry and Redis are and how to be let in; also in the
 * words of docs/CONFIG.md, which is made from them. Connects to nothing.
 */

import { z } from 'zod';
import {
  brokers,
  choice,
  file,
  httpUrl,
  type ReadText,
  redisUrls,
  text,
  topicName,
} from './kinds.ts';
import { optional, required, withFallback } from './variable.ts';

const MECHANISM = 'HOLDFAST_KAFKA_SASL_MECHANISM';

export const kafkaSection = (readText: ReadText) =>
  z
    .object({
      bootstrap: required('HOLDFAST_KAFKA_BOOTSTRAP', brokers, {
        about: 'Brokers to find the cluster by.',
      }),
      tls: withFallback('HOLDFAST_KAFKA_TLS', choice('off', 'on'), 'off', {
        about: 'Whether connections to the brokers are encrypted.',
      }),
      ca: optional('HOLDFAST_KAFKA_TLS_CA_FILE', file(readText, 'certificates in PEM'), {
        about: "Authorities to trust instead of the system's.",
      }),
      cert: optional('HOLDFAST_KAFKA_TLS_CERT_FILE', file(readText, 'a certificate in PEM'), {
        about: 'Our own certificate, where brokers ask for one.',
        needs: ['HOLDFAST_KAFKA_TLS_KEY_FILE'],
      }),
      key: optional('HOLDFAST_KAFKA_TLS_KEY_FILE', file(readText, 'a private key in PEM'), {
        about: 'The private key of our certificate.',
        needs: ['HOLDFAST_KAFKA_TLS_CERT_FILE'],
      }),
      mechanism: optional(MECHANISM, choice('plain', 'scram-sha-256', 'scram-sha-512'), {
        about: 'How to log in to the brokers; without it there is no login.',
        needs: ['HOLDFAST_KAFKA_USERNAME', 'HOLDFAST_KAFKA_PASSWORD'],
      }),
      username: optional('HOLDFAST_KAFKA_USERNAME', text, {
        about: 'The user to log in to the brokers as.',
        needs: [MECHANISM],
      }),
      password: optional('HOLDFAST_KAFKA_PASSWORD', text, {
        about: "That user's password.",
        secret: true,
        needs: [MECHANISM],
      }),
    })
    .refine(({ tls, ca, cert }) => tls === 'on' || (ca ?? cert) === undefined, {
      path: ['tls'],
      params: { wanted: 'on, for a certificate is named' },
      when: () => true,
    });

const TOPICS = {
  changes: 'HOLDFAST_TOPIC_CHANGES',
  deltas: 'HOLDFAST_TOPIC_DELTAS',
  deadLetters: 'HOLDFAST_TOPIC_DEAD_LETTERS',
  metrics: 'HOLDFAST_TOPIC_METRICS',
} as const;

const topic = (name: string, fallback: string, about: string) =>
  withFallback(name, topicName, fallback, { about });

const topics = z.object({
  changes: topic(TOPICS.changes, 'subscription-changes', 'Input: what changed at customers.'),
  deltas: topic(TOPICS.deltas, 'arr-deltas', 'Output: movements of ARR.'),
  deadLetters: topic(
    TOPICS.deadLetters,
    'subscription-changes.dead-letter',
    "Output: records that can't be taken.",
  ),
  metrics: topic(TOPICS.metrics, 'retention-metrics', 'Output: retention figures.'),
});

type Field = keyof typeof TOPICS;
const fields: readonly Field[] = ['changes', 'deltas', 'deadLetters', 'metrics'];

/** No two topics may be the same: an output that is also the input would feed on itself. */
export const topicsSection = fields
  .flatMap((field, index) => fields.slice(0, index).map((earlier) => [earlier, field] as const))
  .reduce(
    (schema, [earlier, field]) =>
      schema.refine((names) => names[earlier] !== names[field], {
        path: [field],
        params: { wanted: `another topic than ${TOPICS[earlier]}` },
        when: () => true,
      }),
    topics,
  );

export const registrySection = z.object({
  url: required('HOLDFAST_REGISTRY_URL', httpUrl, {
    about: 'Schema registry; Apicurio has its Confluent interface under /apis/ccompat/v7.',
  }),
  username: optional('HOLDFAST_REGISTRY_USERNAME', text, {
    about: 'User for basic authentication at the registry.',
    needs: ['HOLDFAST_REGISTRY_PASSWORD'],
  }),
  password: optional('HOLDFAST_REGISTRY_PASSWORD', text, {
    about: "That user's password.",
    secret: true,
    needs: ['HOLDFAST_REGISTRY_USERNAME'],
  }),
});

export const redisSection = (readText: ReadText) =>
  z
    .object({
      urls: required('HOLDFAST_REDIS_URL', redisUrls, {
        about: 'Redis; `rediss:` encrypts. Several nodes make it a cluster.',
      }),
      mode: withFallback('HOLDFAST_REDIS_MODE', choice('auto', 'single', 'cluster'), 'auto', {
        about: 'One server or a cluster; `auto`: a cluster when several nodes are named.',
      }),
      username: optional('HOLDFAST_REDIS_USERNAME', text, {
        about: 'User of Redis (ACL), where the URL names none.',
        needs: ['HOLDFAST_REDIS_PASSWORD'],
      }),
      password: optional('HOLDFAST_REDIS_PASSWORD', text, {
        about: 'Password of Redis, where the URL holds none.',
        secret: true,
      }),
      ca: optional('HOLDFAST_REDIS_TLS_CA_FILE', file(readText, 'certificates in PEM'), {
        about: "Authorities to trust instead of the system's.",
      }),
    })
    .refine(({ urls, ca }) => ca === undefined || urls.every((url) => /^rediss:/.test(url)), {
      path: ['urls'],
      params: { wanted: 'rediss: in every URL, for a certificate is named' },
    });
