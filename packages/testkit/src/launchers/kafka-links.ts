/**
 * Ways to a cluster that lead through TCP proxies, so that a test can break one client's way and
 * leave the others whole. A client goes where the brokers tell it to, so each way is a listener of
 * its own at every broker, which tells the addresses of that way's proxies.
 */

import { startTcpProxy, type TcpProxy } from '../faults/tcp-proxy.ts';

export interface KafkaLink {
  /** Addresses of all brokers by this way, separated by commas. */
  readonly bootstrap: string;
  /** One before each broker. */
  readonly proxies: readonly TcpProxy[];
}

/** They lead nowhere yet. */
export const startLinks = (links: number, brokers: number): Promise<readonly KafkaLink[]> =>
  Promise.all(
    Array.from({ length: links }, async (): Promise<KafkaLink> => {
      const proxies = await Promise.all(Array.from({ length: brokers }, () => startTcpProxy()));
      return { bootstrap: proxies.map(({ address }) => address).join(','), proxies };
    }),
  );

/** The addresses that the broker tells the clients of each way. */
export const linksOf = (links: readonly KafkaLink[], broker: number): readonly string[] =>
  links.map(({ proxies }) => (proxies[broker] as TcpProxy).address);

export const closeLinks = async (links: readonly KafkaLink[]): Promise<void> => {
  await Promise.all(links.flatMap(({ proxies }) => proxies.map((proxy) => proxy.close())));
};
