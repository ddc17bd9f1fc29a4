import { type HoldfastError, isHoldfastError } from '@holdfast/domain/errors.ts';
import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { describe, expect, it } from 'vitest';
import type { Env } from './read.ts';
import { readExporterConfig, readProcessorConfig } from './services.ts';

const files: Readonly<Record<string, string>> = {
  'policy.yaml': 'reporting_currency: EUR\ndimensions: [segment]\n',
  'wrong.yaml': 'reporting_currency: US\npast_due: maybe\n',
  'ca.pem': 'certificates',
};

const readText = (path: string): string => {
  const text = files[path];
  if (text === undefined) throw new Error(`ENOENT ${path}`);
  return text;
};

const needed: Env = {
  HOLDFAST_KAFKA_BOOTSTRAP: 'localhost:9092',
  HOLDFAST_REGISTRY_URL: 'http://localhost:8081',
  HOLDFAST_REDIS_URL: 'redis://localhost:6379',
};

const errorOf = (env: Env): HoldfastError => {
  try {
    readProcessorConfig(env, readText);
  } catch (error) {
    if (isHoldfastError(error, 'config_invalid')) return error;
    throw error;
  }
  throw new Error('no mistake was found');
};

/** The lines of the error without its heading. */
const mistakesOf = (env: Env): readonly string[] => {
  const text = errorOf(env).message.replace('the configuration is wrong: ', '');
  return text.split('\n').length === 1 ? [text] : text.split('\n  ').slice(1);
};

describe('the configuration of a processor', () => {
  it('needs three addresses and has a value for everything else', () => {
    expect(readProcessorConfig(needed, readText)).toMatchObject({
      kafka: { bootstrap: ['localhost:9092'], tls: 'off', mechanism: undefined },
      topics: {
        changes: 'subscription-changes',
        deltas: 'arr-deltas',
        deadLetters: 'subscription-changes.dead-letter',
        metrics: 'retention-metrics',
      },
      registry: { url: 'http://localhost:8081' },
      redis: { urls: ['redis://localhost:6379'], mode: 'auto' },
      identity: { instance: 'holdfast', generation: '1' },
      http: { host: '127.0.0.1', port: 9465 },
      run: { clock: { kind: 'wall' }, logLevel: 'info', policy: DEFAULT_POLICY },
    });
  });

  it('listens on loopback only, each service on a port of its own', () => {
    const processor = readProcessorConfig(needed, readText).http;
    const exporter = readExporterConfig(needed, readText).http;
    expect([processor.host, exporter.host]).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(processor.port).not.toBe(exporter.port);
  });

  it('reads lists, numbers, choices, files and the policy', () => {
    const config = readProcessorConfig(
      {
        ...needed,
        HOLDFAST_KAFKA_BOOTSTRAP: 'one:9092, [::1]:9093',
        HOLDFAST_KAFKA_TLS: 'on',
        HOLDFAST_KAFKA_TLS_CA_FILE: 'ca.pem',
        HOLDFAST_KAFKA_SASL_MECHANISM: 'scram-sha-512',
        HOLDFAST_KAFKA_USERNAME: 'us',
        HOLDFAST_KAFKA_PASSWORD: ' it, is ',
        HOLDFAST_BATCH_RECORDS: '100',
        HOLDFAST_CLOCK: 'from:2024-11-22T00:00:00Z,speed:86400',
        HOLDFAST_POLICY_FILE: 'policy.yaml',
      },
      readText,
    );
    expect(config).toMatchObject({
      kafka: {
        bootstrap: ['one:9092', '[::1]:9093'],
        tls: 'on',
        ca: 'certificates',
        mechanism: 'scram-sha-512',
        password: ' it, is ',
      },
      limits: { batchRecords: 100 },
      run: {
        clock: { kind: 'from', from: Date.UTC(2024, 10, 22), speed: 86_400 },
        policy: { reportingCurrency: 'EUR', dimensions: [{ name: 'segment', cap: 50 }] },
      },
    });
  });

  it('takes an empty variable for one that is not set', () => {
    const env = { ...needed, HOLDFAST_HTTP_PORT: '', HOLDFAST_HTP_PORT: '' };
    expect(readProcessorConfig(env, readText).http.port).toBe(9465);
  });
});

describe('mistakes in the environment', () => {
  it('are all told at once, one line each, with variable, value and what is wanted', () => {
    expect(
      mistakesOf({
        HOLDFAST_KAFKA_BOOTSTRAP: 'broker',
        HOLDFAST_REGISTRY_URL: 'ftp://registry',
        HOLDFAST_HTTP_PORT: '65536',
        HOLDFAST_BATCH_RECORDS: '1e3',
        HOLDFAST_LOG_LEVEL: 'loud',
        HOLDFAST_INSTANCE: 'a:b',
        HOLDFAST_POLICY_FILE: 'wrong.yaml',
      }),
    ).toEqual([
      'HOLDFAST_KAFKA_BOOTSTRAP "broker"; want brokers as host:port, separated by commas',
      'HOLDFAST_REGISTRY_URL "ftp://registry"; want a URL, http://host:port or https://...',
      'HOLDFAST_REDIS_URL is not set; want redis://host:port/db or rediss://... (TLS); several nodes of a cluster separated by commas',
      'HOLDFAST_INSTANCE "a:b"; want 1 to 40 of the characters a-z A-Z 0-9 _ -',
      'HOLDFAST_HTTP_PORT "65536"; want a port, 0 to 65535',
      'HOLDFAST_BATCH_RECORDS "1e3"; want records, 1 to 50000',
      'HOLDFAST_LOG_LEVEL "loud"; want debug | info | warn | error | silent',
      'wrong.yaml: reporting_currency "US"; want a currency code of ISO 4217, such as "USD"',
      'wrong.yaml: past_due "maybe"; want count | exclude',
    ]);
  });

  it('include variables that nobody reads, with the name that was probably meant', () => {
    expect(mistakesOf({ ...needed, HOLDFAST_HTP_PORT: '80', HOLDFAST_COLOUR: 'red' })).toEqual([
      'HOLDFAST_HTP_PORT is not a variable of Holdfast; did you mean HOLDFAST_HTTP_PORT?',
      'HOLDFAST_COLOUR is not a variable of Holdfast',
    ]);
  });

  it('do not include what Kubernetes writes for services, nor what another service reads', () => {
    const env = {
      ...needed,
      HOLDFAST_EXPORTER_SERVICE_HOST: '10.0.0.1',
      HOLDFAST_EXPORTER_PORT: 'tcp://10.0.0.1:9464',
      HOLDFAST_EXPORTER_PORT_9464_TCP_ADDR: '10.0.0.1',
      HOLDFAST_BATCH_RECORDS: 'not read by the exporter',
    };
    expect(readExporterConfig(env, readText).http.port).toBe(9464);
  });

  it('include a variable without the others that it needs', () => {
    expect(
      mistakesOf({
        ...needed,
        HOLDFAST_KAFKA_PASSWORD: 'x',
        HOLDFAST_KAFKA_TLS: 'on',
        HOLDFAST_KAFKA_TLS_CERT_FILE: 'ca.pem',
      }),
    ).toEqual([
      'HOLDFAST_KAFKA_TLS_KEY_FILE is not set; HOLDFAST_KAFKA_TLS_CERT_FILE needs it',
      'HOLDFAST_KAFKA_SASL_MECHANISM is not set; HOLDFAST_KAFKA_PASSWORD needs it',
    ]);
  });

  it('include certificates that would not be used because TLS is off', () => {
    expect(
      mistakesOf({
        ...needed,
        HOLDFAST_KAFKA_TLS_CA_FILE: 'ca.pem',
        HOLDFAST_REDIS_TLS_CA_FILE: 'ca.pem',
      }),
    ).toEqual([
      'HOLDFAST_KAFKA_TLS "off"; want on, for a certificate is named',
      'HOLDFAST_REDIS_URL "redis://localhost:6379"; want rediss: in every URL, for a certificate is named',
    ]);
  });

  it('include files that cannot be read', () => {
    const env = { ...needed, HOLDFAST_KAFKA_TLS: 'on' };
    expect(
      mistakesOf({
        ...env,
        HOLDFAST_KAFKA_TLS_CA_FILE: 'gone.pem',
        HOLDFAST_POLICY_FILE: 'gone.json',
      }),
    ).toEqual([
      'HOLDFAST_KAFKA_TLS_CA_FILE "gone.pem"; want the path of a readable file: certificates in PEM (ENOENT gone.pem)',
      'the policy file "gone.json"; want a readable file (ENOENT gone.json)',
    ]);
  });

  it('include two topics of one name, whatever else is wrong', () => {
    expect(
      mistakesOf({
        ...needed,
        HOLDFAST_TOPIC_CHANGES: 'a/b',
        HOLDFAST_TOPIC_METRICS: 'arr-deltas',
      }),
    ).toEqual([
      'HOLDFAST_TOPIC_CHANGES "a/b"; want a topic\'s name: 1 to 249 of the characters a-z A-Z 0-9 . _ -',
      'HOLDFAST_TOPIC_METRICS "arr-deltas"; want another topic than HOLDFAST_TOPIC_DELTAS',
    ]);
  });

  it.each([
    'now',
    'fixed:2026-02-30T00:00:00Z',
    'fixed:2026-02-03T00:00:00',
    'fixed:1969-12-31T00:00:00Z',
    'from:2026-02-03T00:00:00Z',
    'from:2026-02-03T00:00:00Z,speed:0',
    'from:2026-02-03T00:00:00Z,speed:99999999',
    'from:2026-02-03T00:00:00Z,speed:-1',
  ])('include the clock %s', (clock) => {
    expect(mistakesOf({ ...needed, HOLDFAST_CLOCK: clock })[0]).toContain(
      `HOLDFAST_CLOCK "${clock}"; want wall, fixed:<instant> or`,
    );
  });

  it('never show a secret, neither by itself nor in a URL', () => {
    const { message } = errorOf({
      ...needed,
      HOLDFAST_KAFKA_PASSWORD: 'hunter2'.repeat(200),
      HOLDFAST_REDIS_PASWORD: 'hunter2',
      HOLDFAST_REDIS_URL: 'redis://us:hunter2@host:99999',
      HOLDFAST_REGISTRY_URL: 'redis://us:hunt/er2@host',
    });
    expect(message).toContain('HOLDFAST_KAFKA_PASSWORD "(hidden)"');
    expect(message).toContain('redis://***@host:99999');
    expect(message).not.toMatch(/hunt/);
  });
});
