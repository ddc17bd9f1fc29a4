/** Kafka brokers in containers of the image apache/kafka. */

import { dockerHost, startContainer, startContainers } from './docker.ts';
import { type KafkaLink, linksOf } from './kafka-links.ts';
import {
  brokerProperties,
  type Node,
  type Properties,
  propertiesEnvironment,
} from './kafka-properties.ts';
import { freePorts } from './ports.ts';
import { type Kafka, together } from './server.ts';

const IMAGE = 'apache/kafka:4.3.0';
const CLIENT_PORT = 9092;
const FIRST_LINK_PORT = 29_092;
const READY_WITHIN_MS = 120_000;

const nameOf = (id: number): string => `broker-${id}`;

/** As `startKafka`. */
export const startKafkaInDocker = async (
  clusterId: string,
  brokers: number,
  links: readonly KafkaLink[],
  overrides: Properties,
): Promise<Omit<Kafka, 'links'>> => {
  const { GenericContainer, Network, Wait } = await import('testcontainers');
  const host = await dockerHost();
  const ports = await freePorts(brokers);
  const linkPorts = await Promise.all(ports.map(() => freePorts(links.length)));
  const nodes = ports.map((port, at): Node => {
    const id = at + 1;
    for (const [way, { proxies }] of links.entries()) {
      proxies[at]?.leadTo(`${host}:${linkPorts[at]?.[way]}`);
    }
    return {
      id,
      listens: {
        client: `:${CLIENT_PORT}`,
        broker: ':19092',
        controller: ':9093',
        links: links.map((_, way) => `:${FIRST_LINK_PORT + way}`),
      },
      advertised: {
        client: `${host}:${port}`,
        broker: `${nameOf(id)}:19092`,
        controller: `${nameOf(id)}:9093`,
        links: linksOf(links, at),
      },
      data: '/tmp/kraft-combined-logs',
    };
  });
  const network = await new Network().start();
  try {
    const servers = await startContainers(
      nodes.map((node, at) =>
        startContainer(
          new GenericContainer(IMAGE)
            .withNetwork(network)
            .withNetworkAliases(nameOf(node.id))
            .withExposedPorts(
              { container: CLIENT_PORT, host: ports[at] as number },
              ...links.map((_, way) => ({
                container: FIRST_LINK_PORT + way,
                host: linkPorts[at]?.[way] as number,
              })),
            )
            .withEnvironment({
              ...propertiesEnvironment(brokerProperties(node, nodes, overrides)),
              CLUSTER_ID: clusterId,
              KAFKA_HEAP_OPTS: '-Xmx256m',
            })
            .withWaitStrategy(Wait.forLogMessage('Kafka Server started'))
            .withStartupTimeout(READY_WITHIN_MS),
          node.advertised.client,
        ),
      ),
    );
    const stop = async (): Promise<void> => {
      await Promise.all(servers.map((server) => server.remove()));
      await network.stop();
    };
    const bootstrap = servers.map(({ address }) => address).join(',');
    return { ...together(servers, stop), bootstrap, brokers: servers };
  } catch (error) {
    await network.stop();
    throw error;
  }
};
