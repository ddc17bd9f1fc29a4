/**
 * `startRegistry`: a private, empty schema registry (Apicurio, which speaks Confluent's API); in a
 * container where a Docker engine answers, else as a native process.
 */

import { dockerAnswers, dockerHost, startContainer } from './docker.ts';
import { openKeeper } from './keeper.ts';
import { nativeFiles } from './native-files.ts';
import { nativeServer } from './native-server.ts';
import { freePort } from './ports.ts';
import { type Launched, type Server, together } from './server.ts';

const IMAGE = 'apicurio/apicurio-registry:3.0.9';
const CONTAINER_PORT = 8080;
const READY_WITHIN_MS = 120_000;
const API = '/apis/ccompat/v7';
const READY_PATH = `${API}/subjects`;

/** A file, written at once: with the default, a store in memory, a restart would forget all ids. */
const storeIn = (folder: string): string => `jdbc:h2:file:${folder}/store;WRITE_DELAY=0`;

export interface Registry extends Launched {
  /** Base of the Confluent API, without a slash at its end. */
  readonly url: string;
}

const registryOf = (server: Server, stop: () => Promise<void>): Registry => ({
  ...together([server], stop),
  url: `http://${server.address}${API}`,
});

const startInDocker = async (): Promise<Registry> => {
  const { GenericContainer, Wait } = await import('testcontainers');
  const port = await freePort();
  const server = await startContainer(
    new GenericContainer(IMAGE)
      .withExposedPorts({ container: CONTAINER_PORT, host: port })
      .withEnvironment({ APICURIO_DATASOURCE_URL: storeIn('/tmp') })
      .withWaitStrategy(Wait.forHttp(READY_PATH, CONTAINER_PORT))
      .withStartupTimeout(READY_WITHIN_MS),
    `${await dockerHost()}:${port}`,
  );
  return registryOf(server, () => server.remove());
};

const startNatively = async (): Promise<Registry> => {
  const { registry: jar } = await nativeFiles();
  const keeper = openKeeper('registry');
  try {
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    const server = nativeServer(keeper, {
      name: 'registry',
      address,
      program: 'java',
      args: [
        ...[
          '-Xmx256m',
          '-XX:+ExitOnOutOfMemoryError',
          '-XX:-UsePerfData',
          '-XX:TieredStopAtLevel=1',
        ],
        `-Djava.io.tmpdir=${keeper.folder}`,
        `-Dapicurio.datasource.url=${storeIn(keeper.folder)}`,
        ...[`-Dquarkus.http.port=${port}`, '-Dquarkus.http.host=127.0.0.1'],
        ...['-jar', jar],
      ],
      isReady: () =>
        fetch(`http://${address}${READY_PATH}`).then(
          (response) => response.ok,
          () => false,
        ),
    });
    await server.start();
    return registryOf(server, () => keeper.close());
  } catch (error) {
    await keeper.close();
    throw error;
  }
};

/** Starts a registry that serves when this resolves; errors as of `startKafka`. */
export const startRegistry = async (): Promise<Registry> =>
  (await dockerAnswers()) ? startInDocker() : startNatively();
