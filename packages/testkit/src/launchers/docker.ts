/**
 * Containers through testcontainers, for machines where a Docker engine answers. Ports of the host
 * are chosen beforehand, so that a container that is started again keeps its address.
 * testcontainers itself removes the containers when this process ends in whatever way.
 */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { StartedTestContainer, TestContainer } from 'testcontainers';
import type { Server } from './server.ts';

const run = promisify(execFile);

const ANSWERS_WITHIN_MS = 10_000;
/** Seconds that Docker waits after SIGTERM before it kills. */
const TERMINATE_WITHIN_S = 60;

let answers: Promise<boolean> | undefined;

/** Whether there is a Docker engine that this process may use. */
export const dockerAnswers = (): Promise<boolean> => {
  answers ??= run('docker', ['info'], { timeout: ANSWERS_WITHIN_MS }).then(
    () => true,
    () => false,
  );
  return answers;
};

/** The name under which the ports of containers are reached from here. */
export const dockerHost = async (): Promise<string> => {
  const { getContainerRuntimeClient } = await import('testcontainers');
  return (await getContainerRuntimeClient()).info.containerRuntime.host;
};

export interface ContainerServer extends Server {
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** Runs the container and waits until it serves. */
export const startContainer = async (
  definition: TestContainer,
  address: string,
): Promise<ContainerServer> => {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const started: StartedTestContainer = await definition.start();
  const client = await getContainerRuntimeClient();
  const container = client.container.getById(started.getId());
  const isRunning = async (): Promise<boolean> => (await container.inspect()).State.Running;
  return {
    address,
    kill: async () => {
      if (await isRunning()) {
        await container.kill();
        await container.wait();
      }
    },
    terminate: async () => {
      if (await isRunning()) {
        await container.stop({ t: TERMINATE_WITHIN_S });
      }
    },
    start: async () => {
      if (!(await isRunning())) {
        await started.restart();
      }
    },
    remove: async () => {
      await container.remove({ force: true, v: true });
    },
  };
};

/** Starts all, or none: what came up is removed when another one fails. */
export const startContainers = async (
  starts: readonly Promise<ContainerServer>[],
): Promise<readonly ContainerServer[]> => {
  const settled = await Promise.allSettled(starts);
  const servers = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(servers.map((server) => server.remove()));
    throw failed.reason;
  }
  return servers;
};
