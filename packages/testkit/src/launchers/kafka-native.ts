/** Kafka brokers as native Java processes on 127.0.0.1. */

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { type KafkaLink, linksOf } from './kafka-links.ts';
import {
  brokerProperties,
  type Node,
  type Properties,
  propertiesFile,
} from './kafka-properties.ts';
import { openKeeper } from './keeper.ts';
import { nativeFiles } from './native-files.ts';
import { nativeServer } from './native-server.ts';
import { freePorts } from './ports.ts';
import { type Kafka, together } from './server.ts';

const run = promisify(execFile);

/** No file under the machine's temp folder that a kill would leave behind. */
const NO_TRACES = '-XX:-UsePerfData';
const LOGGING = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
];
/** Written by KafkaRaftServer when the broker is registered, unfenced and answers clients. */
const STARTED = 'Kafka Server started';

const nodesIn = async (
  folder: string,
  count: number,
  links: readonly KafkaLink[],
): Promise<readonly Node[]> => {
  const each = 3 + links.length;
  const ports = await freePorts(each * count);
  return Array.from({ length: count }, (_, at) => {
    const [client, broker, controller, ...own] = ports
      .slice(each * at, each * (at + 1))
      .map((port) => `127.0.0.1:${port}`) as [string, string, string, ...string[]];
    const addresses = { client, broker, controller };
    for (const [way, { proxies }] of links.entries()) proxies[at]?.leadTo(own[way] as string);
    const id = at + 1;
    return {
      id,
      listens: { ...addresses, links: own },
      advertised: { ...addresses, links: linksOf(links, at) },
      data: join(folder, `data-${id}`),
    };
  });
};

/** As `startKafka`. */
export const startKafkaNatively = async (
  clusterId: string,
  brokers: number,
  links: readonly KafkaLink[],
  overrides: Properties,
): Promise<Omit<Kafka, 'links'>> => {
  const { kafka } = await nativeFiles();
  const classpath = join(kafka, '*');
  const keeper = openKeeper('kafka');
  try {
    const nodes = await nodesIn(keeper.folder, brokers, links);
    const servers = await Promise.all(
      nodes.map(async (node) => {
        const file = join(keeper.folder, `broker-${node.id}.properties`);
        await writeFile(file, propertiesFile(brokerProperties(node, nodes, overrides)));
        await run('java', [
          NO_TRACES,
          '-XX:TieredStopAtLevel=1',
          ...LOGGING,
          ...['-cp', classpath, 'kafka.tools.StorageTool', 'format'],
          // Joined with =, for a random id may begin with a dash.
          ...[`--cluster-id=${clusterId}`, '--config', file],
        ]).catch((error: unknown) => {
          throw new HoldfastError('service_failed', `kafka storage format: ${String(error)}`);
        });
        return nativeServer(keeper, {
          name: `broker-${node.id}`,
          address: node.advertised.client,
          program: 'java',
          args: [
            ...['-Xmx256m', '-XX:+ExitOnOutOfMemoryError', NO_TRACES, ...LOGGING],
            ...['-cp', classpath, 'kafka.Kafka', file],
          ],
          isReady: (log) => log.includes(STARTED),
        });
      }),
    );
    const launched = together(servers, () => keeper.close());
    await launched.start();
    const bootstrap = servers.map(({ address }) => address).join(',');
    return { ...launched, bootstrap, brokers: servers };
  } catch (error) {
    await keeper.close();
    throw error;
  }
};
