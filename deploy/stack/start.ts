/**
 * Starts the real thing on this machine: Kafka, the registry and Redis by the launchers (in Docker
 * or natively), then our services as processes of their own. All of it lives and dies together.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { type All, startAll } from '@holdfast/testkit/launchers/all.ts';
import { type Keeper, openKeeper } from '@holdfast/testkit/launchers/keeper.ts';
import { freePort, isFree } from '@holdfast/testkit/launchers/ports.ts';
import { type ServiceProcess, serviceProcess } from './process.ts';
import { type Series, scrape, sumOf } from './scrape.ts';
import {
  type Addresses,
  environmentOf,
  PORTS,
  REDIS_SETTINGS,
  SERVICES,
  SETUP,
  type ServiceName,
} from './settings.ts';

export interface Stack {
  readonly addresses: Addresses;
  /** Base URLs of those that serve. */
  readonly urls: Readonly<Record<'processor' | 'exporter' | 'ledger', string>>;
  readonly services: Readonly<Record<ServiceName, ServiceProcess>>;
  /** Resolves when the exporter shows all of the company's past; rejects where a service ends before. */
  ready(): Promise<void>;
  /** Rejects when one of the processes that run now ends, with the end of its log. */
  failed(): Promise<never>;
  /** Ends the services in order, then the servers, and removes their data. */
  stop(): Promise<void>;
}

const ASK_EVERY_MS = 200;
const DAY_MS = 86_400_000;
/** A service that does not end by then is killed with the rest. */
const END_WITHIN_MS = 30_000;
/** For services that do not serve. */
const NOWHERE = { host: '', port: undefined };

/** The usual port, or another where that is taken. */
const portFor = async (service: ServiceName): Promise<number> => {
  const usual = PORTS[service];
  return usual !== undefined && (await isFree(usual)) ? usual : freePort();
};

/** The past of the simulated company ends in the present: then its newest record is of today. */
const isTold = (series: Series): boolean =>
  series.has('holdfast_retention_as_of_timestamp_seconds') &&
  sumOf(series, 'holdfast_input_lag_events') === 0 &&
  sumOf(series, 'holdfast_input_last_record_timestamp_seconds') * 1000 > Date.now() - DAY_MS;

/** Resolves when the stack runs; `ready` says when it has figures. Throws `service_missing`. */
export async function startStack(): Promise<Stack> {
  const servers = await startAll({ redis: { settings: REDIS_SETTINGS } });
  const keeper = openKeeper('services');
  try {
    return await startServices(servers, keeper);
  } catch (error) {
    await keeper.close();
    await servers.stop();
    throw error;
  }
}

async function startServices(servers: All, keeper: Keeper): Promise<Stack> {
  const addresses: Addresses = {
    bootstrap: servers.kafka.bootstrap,
    registryUrl: servers.registry.url,
    redisUrl: servers.redis.url,
  };
  const setup = serviceProcess(keeper, SETUP, environmentOf(SETUP, addresses, NOWHERE));
  setup.start();
  const code = await setup.ended();
  if (code !== 0) throw setup.failure(code);

  const ports = {
    processor: await portFor('processor'),
    exporter: await portFor('exporter'),
    ledger: await portFor('ledger'),
  };
  const urls = {
    processor: `http://127.0.0.1:${ports.processor}`,
    exporter: `http://127.0.0.1:${ports.exporter}`,
    ledger: `http://127.0.0.1:${ports.ledger}`,
  };
  const on = (port: number) => ({ host: '127.0.0.1', port });
  const services = {
    simulator: serviceProcess(keeper, 'simulator', environmentOf('simulator', addresses, NOWHERE)),
    processor: serviceProcess(
      keeper,
      'processor',
      environmentOf('processor', addresses, on(ports.processor)),
    ),
    exporter: serviceProcess(
      keeper,
      'exporter',
      environmentOf('exporter', addresses, on(ports.exporter)),
    ),
    ledger: serviceProcess(keeper, 'ledger', environmentOf('ledger', addresses, on(ports.ledger))),
  };
  for (const service of Object.values(services)) service.start();

  const failed = (): Promise<never> =>
    Promise.race(
      Object.values(services).map(async (service): Promise<never> => {
        throw service.failure(await service.ended());
      }),
    );

  const figures = async (): Promise<void> => {
    while (!isTold(await scrape(urls.exporter))) await sleep(ASK_EVERY_MS);
  };

  return {
    addresses,
    urls,
    services,
    ready: () => Promise.race([figures(), failed()]),
    failed,
    stop: async () => {
      for (const name of SERVICES) {
        await Promise.race([
          services[name].end('SIGTERM'),
          sleep(END_WITHIN_MS, undefined, { ref: false }),
        ]);
      }
      await keeper.close();
      await servers.stop();
    },
  };
}
