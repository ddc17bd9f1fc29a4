/**
 * What a launcher hands out, the same for a native process and for a container.
 */

import type { KafkaLink } from './kafka-links.ts';

/**
 * A server on a fixed address whose data outlive its process. To end one that does not run, and to
 * start one that does, does nothing.
 */
export interface Server {
  /** `host:port`. */
  readonly address: string;
  /** Ends it at once, as a power cut would (SIGKILL); its data stay. */
  kill(): Promise<void>;
  /** Asks it to end (SIGTERM) and waits until it has; its data stay. */
  terminate(): Promise<void>;
  /** Starts it again on the same address and data; resolves when it serves. */
  start(): Promise<void>;
}

/** A server, or several that belong together, and everything that was made for them. */
export interface Launched {
  kill(): Promise<void>;
  terminate(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes its data. Its last call. */
  stop(): Promise<void>;
}

export interface Kafka extends Launched {
  /** Addresses of all brokers, separated by commas. */
  readonly bootstrap: string;
  readonly brokers: readonly Server[];
  /** As many as were asked for. */
  readonly links: readonly KafkaLink[];
}

const onAll = async (servers: readonly Server[], call: 'kill' | 'terminate' | 'start') => {
  await Promise.all(servers.map((server) => server[call]()));
};

/** Servers that live and die together; `stop` removes what was made for them. */
export const together = (servers: readonly Server[], stop: () => Promise<void>): Launched => ({
  kill: () => onAll(servers, 'kill'),
  terminate: () => onAll(servers, 'terminate'),
  start: () => onAll(servers, 'start'),
  stop,
});
