/**
 * A Kafka of its own with logins (SASL PLAIN and SCRAM over TLS) and rights (StandardAuthorizer): a user with
 * just what docs/OPERATIONS.md says works; who may not enter, or may not write, is told why.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { ErrorCode } from '@holdfast/domain/errors.ts';
import { makeCertificates } from '@holdfast/testkit/launchers/certificates.ts';
import { startKafka } from '@holdfast/testkit/launchers/kafka.ts';
import { missingOf } from '@holdfast/testkit/launchers/programs.ts';
import type { Kafka as KafkaServer } from '@holdfast/testkit/launchers/server.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import {
  deadLetterNames,
  deltaNames,
  namedAll,
} from '@holdfast/testkit/suites/delta-sink-harness.ts';
import {
  eventually,
  join,
  named,
  nameOf,
  readCount,
} from '@holdfast/testkit/suites/event-log-harness.ts';
// Node does not see all names among the exports of a CommonJS module.
import kafkajs, { type Kafka, type SASLOptions } from 'kafkajs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createTopic } from '../testing/harness.ts';
import { scramUserCall } from '../testing/scram-users.ts';
import { withAdmin } from './admin.ts';
import { kafkaClient } from './client.ts';
import { kafkaCluster } from './cluster.ts';
import { kafkaDeltaSink } from './delta-sink.ts';
import { kafkaEventLog } from './event-log.ts';
import { kafkaProducer } from './producer.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

const LIMIT_MS = 180_000;
const IDENTITY = { instance: 'secure', generation: '1' };
const GROUP = `${IDENTITY.instance}-${IDENTITY.generation}`;
const [CHANGES, DELTAS, DEAD] = ['changes', 'deltas', 'dead-letters'] as const;
const PASSWORDS = { admin: 'admin-secret', holdfast: 'secret', stranger: 'strange' };
const SCRAM_LOGIN = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';

/** A PEM file as one line of a properties file. */
const oneLine = (path: string): string => readFileSync(path, 'utf8').replaceAll('\n', '\\n');

const missing = await missingOf(['openssl']);
const skipped = missing === null ? '' : ` (there is no ${missing})`;

describeWithServices(`a Kafka with logins, TLS and rights${skipped}`, () => {
  const folder = mkdtempSync(joinPath(tmpdir(), 'holdfast-secure-'));
  let server: KafkaServer;
  let ca: string;

  const clientBy = (sasl: SASLOptions, tls = ca) =>
    kafkaClient({
      brokers: server.bootstrap.split(','),
      clientId: 'secure',
      tls: tls === '' ? true : { ca: tls },
      sasl,
      log: () => undefined,
    });
  const client = (user: keyof typeof PASSWORDS, password: string = PASSWORDS[user], tls = ca) =>
    clientBy({ mechanism: 'plain', username: user, password }, tls);
  const logOf = (kafka: Kafka) => kafkaEventLog({ kafka, topic: CHANGES, groupId: GROUP });
  const sinkOf = (kafka: Kafka) =>
    kafkaDeltaSink({
      kafka,
      deltaTopic: DELTAS,
      deadLetterTopic: DEAD,
      ...IDENTITY,
      compression: 'none',
      now: Date.now,
    });
  const refused = (call: Promise<unknown>, code: ErrorCode, message: RegExp) =>
    expect(call).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  const rightsOn = (
    resourceType: number,
    resourceName: string,
    operations: readonly number[],
    resourcePatternType: number = ResourcePatternTypes.LITERAL,
  ) =>
    operations.map((operation) => ({
      resourceType,
      resourceName,
      resourcePatternType,
      principal: 'User:holdfast',
      host: '*',
      operation,
      permissionType: AclPermissionTypes.ALLOW,
    }));

  beforeAll(async () => {
    if (missing !== null) return;
    const files = await makeCertificates(folder);
    ca = readFileSync(files.ca, 'utf8');
    const users = Object.entries(PASSWORDS).map(([user, word]) => `user_${user}="${word}"`);
    server = await startKafka({
      properties: {
        'listener.security.protocol.map': 'CLIENT:SASL_SSL,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.key': oneLine(files.key),
        'ssl.keystore.certificate.chain': oneLine(files.cert),
        'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
        'listener.name.client.scram-sha-256.sasl.jaas.config': SCRAM_LOGIN,
        'listener.name.client.scram-sha-512.sasl.jaas.config': SCRAM_LOGIN,
        'listener.name.client.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required ${users.join(' ')};`,
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        // Brokers speak to each other as ANONYMOUS.
        'super.users': 'User:ANONYMOUS;User:admin',
      },
    });
    const admin = client('admin');
    for (const topic of [CHANGES, DELTAS, DEAD]) await createTopic(admin, topic, 1);
    const { READ, WRITE, DESCRIBE_CONFIGS } = AclOperationTypes;
    const { TOPIC, GROUP: OF_GROUP, TRANSACTIONAL_ID } = AclResourceTypes;
    await withAdmin(admin, (granting) =>
      granting.createAcls({
        acl: [
          ...rightsOn(TOPIC, CHANGES, [READ, DESCRIBE_CONFIGS]),
          ...[DELTAS, DEAD].flatMap((topic) =>
            rightsOn(TOPIC, topic, [READ, WRITE, DESCRIBE_CONFIGS]),
          ),
          ...rightsOn(OF_GROUP, GROUP, [READ]),
          ...rightsOn(
            TRANSACTIONAL_ID,
            `${IDENTITY.instance}-`,
            [WRITE],
            ResourcePatternTypes.PREFIXED,
          ),
        ],
      }),
    );
  }, LIMIT_MS);
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  test.skipIf(missing !== null)(
    'a user with just these rights reads, publishes and dead-letters',
    async () => {
      const producer = kafkaProducer({ kafka: client('admin'), compression: 'none' });
      onTestFinished(() => producer.close());
      await producer.produce(CHANGES, [named('one'), named('two')]);
      const kafka = client('holdfast');
      const member = await join({ log: logOf(kafka) });
      const input = await member.input(0);
      input.seek(0);
      expect((await readCount(input, 2)).map(nameOf)).toEqual(['one', 'two']);
      const output = await sinkOf(kafka).open(0);
      onTestFinished(() => output.close());
      await output.publish({ deltas: namedAll('said'), deadLetters: namedAll('dead') });
      expect(await deltaNames(output)).toEqual(['said']);
      expect(await deadLetterNames(output)).toEqual(['dead']);
      expect(member.failures).toEqual([]);
    },
  );

  test.skipIf(missing !== null)(
    'a wrong password and an untrusted certificate are told',
    async () => {
      const wrong = client('holdfast', 'wrong');
      await refused(logOf(wrong).partitionCount(), 'input_unavailable', /authentication failed/i);
      await refused(sinkOf(wrong).open(0), 'output_unavailable', /authentication failed/i);
      const wary = client('holdfast', PASSWORDS.holdfast, '');
      await refused(logOf(wary).partitionCount(), 'input_unavailable', /certificate/);
    },
  );

  test.skipIf(missing !== null).each([
    ['scram-sha-256', 'scram-sha-512'],
    ['scram-sha-512', 'scram-sha-256'],
  ] as const)('a user logs in by %s, and not without the password', async (mechanism, other) => {
    const admin = kafkaCluster(client('admin'), [CHANGES]);
    onTestFinished(() => admin.close());
    const broker = await admin.leader(CHANGES, 0);
    await broker.ask(scramUserCall('holdfast', mechanism, mechanism));
    const login = (password: string) =>
      clientBy({ mechanism, username: 'holdfast', password } as SASLOptions);
    // The broker hears of the user a moment after the controller.
    await eventually(async () => {
      expect(await logOf(login(mechanism)).partitionCount()).toBe(1);
    });
    const output = await sinkOf(login(mechanism)).open(0);
    onTestFinished(() => output.close());
    const before = await deltaNames(output);
    await output.publish({ deltas: namedAll(mechanism), deadLetters: [] });
    expect(await deltaNames(output)).toEqual([...before, mechanism]);
    await refused(
      logOf(login(other)).partitionCount(),
      'input_unavailable',
      /authentication failed/i,
    );
  });

  test.skipIf(missing !== null)(
    'who lacks a right is told which, and nothing is written',
    async () => {
      const kafka = client('stranger');
      await refused(logOf(kafka).partitionCount(), 'input_unavailable', /not authorized/i);
      await refused(
        sinkOf(kafka).open(0),
        'output_unavailable',
        /AUTHORIZATION_FAILED|not authorized/i,
      );
      const output = await sinkOf(client('holdfast')).open(0);
      onTestFinished(() => output.close());
      const before = await deltaNames(output);
      const [denied] = rightsOn(AclResourceTypes.TOPIC, DEAD, [AclOperationTypes.WRITE]);
      await withAdmin(client('admin'), (denying) =>
        denying.createAcls({ acl: [{ ...denied!, permissionType: AclPermissionTypes.DENY }] }),
      );
      const half = { deltas: namedAll('half'), deadLetters: namedAll('never') };
      await refused(output.publish(half), 'output_unavailable', /AUTHORIZATION_FAILED/);
      expect(await deltaNames(output)).toEqual(before);
    },
  );
});
