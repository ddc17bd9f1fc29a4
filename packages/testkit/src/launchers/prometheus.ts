/**
 * `startPrometheus`: a private Prometheus of the PATH, with the configuration and the past that it
 * is given. Never a container: what it scrapes are processes of this machine.
 */

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { type Keeper, openKeeper } from './keeper.ts';
import { nativeServer } from './native-server.ts';
import { freePort } from './ports.ts';
import { missingOf } from './programs.ts';
import { type Launched, together } from './server.ts';

const run = promisify(execFile);

export interface PrometheusOptions {
  /** prometheus.yml as an object; rule files by their names in `files`. */
  readonly config: object;
  readonly files?: Readonly<Record<string, string>>;
  /** What it has seen before it starts, as OpenMetrics with timestamps; needs promtool. */
  readonly past?: string;
  /** Where to listen; else a free port. */
  readonly port?: number;
}

export interface Prometheus extends Launched {
  readonly url: string;
}

/** Whether its readiness says so; Alertmanager has the same one. */
export const answersReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/-/ready`)).ok;
  } catch {
    // Nothing listens there yet.
    return false;
  }
};

const writeInto = (keeper: Keeper, { config, files = {} }: PrometheusOptions): string => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(keeper.folder, name), text);
  const path = join(keeper.folder, 'prometheus.yml');
  // JSON is YAML.
  writeFileSync(path, JSON.stringify(config));
  return path;
};

const backfill = async (keeper: Keeper, past: string, data: string): Promise<void> => {
  const file = join(keeper.folder, 'past.om');
  writeFileSync(file, past);
  await run('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, data]);
};

/** Starts a Prometheus that serves when this resolves; errors as of `startKafka`. */
export const startPrometheus = async (options: PrometheusOptions): Promise<Prometheus> => {
  const missing = await missingOf(['prometheus', 'promtool']);
  if (missing !== null) throw new HoldfastError('service_missing', missing);
  const keeper = openKeeper('prometheus');
  try {
    const data = join(keeper.folder, 'data');
    const config = writeInto(keeper, options);
    if (options.past !== undefined) await backfill(keeper, options.past, data);
    const address = `127.0.0.1:${options.port ?? (await freePort())}`;
    const url = `http://${address}`;
    const server = nativeServer(keeper, {
      name: 'prometheus',
      address,
      program: 'prometheus',
      args: [
        `--config.file=${config}`,
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=${address}`,
        // A past of years stays.
        '--storage.tsdb.retention.time=10y',
      ],
      isReady: () => answersReady(url),
    });
    await server.start();
    return { ...together([server], () => keeper.close()), url };
  } catch (error) {
    await keeper.close();
    throw error;
  }
};
