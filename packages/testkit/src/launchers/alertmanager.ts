/** `startAlertmanager`: a private Alertmanager of the PATH, alone and with the given configuration. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { openKeeper } from './keeper.ts';
import { nativeServer } from './native-server.ts';
import { freePort } from './ports.ts';
import { isThere, missingOf } from './programs.ts';
import { answersReady } from './prometheus.ts';
import { type Launched, together } from './server.ts';

export interface AlertmanagerOptions {
  /** The text of alertmanager.yml. */
  readonly config: string;
  /** Where to listen; else a free port. */
  readonly port?: number;
}

export interface Alertmanager extends Launched {
  readonly url: string;
  /** `host:port`, as Prometheus wants it. */
  readonly address: string;
}

/** Its command: Debian's, unless it has the usual one. */
export const alertmanagerProgram = async () =>
  (await isThere('alertmanager')) ? 'alertmanager' : 'prometheus-alertmanager';

/** Starts an Alertmanager that serves when this resolves; errors as of `startKafka`. */
export const startAlertmanager = async (options: AlertmanagerOptions): Promise<Alertmanager> => {
  const program = await alertmanagerProgram();
  const missing = await missingOf([program]);
  if (missing !== null) throw new HoldfastError('service_missing', missing);
  const keeper = openKeeper('alertmanager');
  try {
    const config = join(keeper.folder, 'alertmanager.yml');
    writeFileSync(config, options.config);
    const address = `127.0.0.1:${options.port ?? (await freePort())}`;
    const url = `http://${address}`;
    const server = nativeServer(keeper, {
      name: 'alertmanager',
      address,
      program,
      args: [
        `--config.file=${config}`,
        `--storage.path=${join(keeper.folder, 'data')}`,
        `--web.listen-address=${address}`,
        // It has no peers.
        '--cluster.listen-address=',
      ],
      isReady: () => answersReady(url),
    });
    await server.start();
    return { ...together([server], () => keeper.close()), url, address };
  } catch (error) {
    await keeper.close();
    throw error;
  }
};
