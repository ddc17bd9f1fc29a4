/**
 * Prometheus and Alertmanager beside the stack, with the files of deploy/, where this machine has
 * them. What it has not is said, and the stack runs without.
 */

import { readFileSync } from 'node:fs';
import {
  alertmanagerProgram,
  startAlertmanager,
} from '@holdfast/testkit/launchers/alertmanager.ts';
import { freePort, isFree } from '@holdfast/testkit/launchers/ports.ts';
import { missingOf, type Program } from '@holdfast/testkit/launchers/programs.ts';
import { startPrometheus } from '@holdfast/testkit/launchers/prometheus.ts';
import { configAt, rulesAt } from '../prometheus/config.ts';

export interface Watch {
  /** Where each of them is, or why it is not there. */
  readonly places: Readonly<Record<'Prometheus' | 'Alertmanager', string>>;
  stop(): Promise<void>;
}

/** Where each of the services is. */
type Scraped = Readonly<Record<'exporter' | 'processor' | 'ledger', string>>;

/** As of docker-compose.yml; another where that is taken. */
const PORTS = { prometheus: 9090, alertmanager: 9093 };
const ALERTMANAGER = new URL('../alertmanager/alertmanager.yml', import.meta.url);

/** The simulated company is silent for up to three minutes. */
const SILENCE = '5m';

const portFor = async (usual: number): Promise<number> =>
  (await isFree(usual)) ? usual : freePort();

const alertmanagerOf = async () => {
  if ((await missingOf([await alertmanagerProgram()])) !== null) return null;
  return startAlertmanager({
    config: readFileSync(ALERTMANAGER, 'utf8'),
    port: await portFor(PORTS.alertmanager),
  });
};

const prometheusOf = async (
  { exporter, processor, ledger }: Scraped,
  alertmanager: string | null,
) => {
  if ((await missingOf(['prometheus', 'promtool'])) !== null) return null;
  const targets = {
    'holdfast-exporter': new URL(exporter).host,
    'holdfast-processor': new URL(processor).host,
    'holdfast-ledger': new URL(ledger).host,
  };
  return startPrometheus({
    config: configAt({ targets, alertmanager }),
    files: rulesAt({ silence: SILENCE }),
    port: await portFor(PORTS.prometheus),
  });
};

export const startWatch = async (urls: Scraped): Promise<Watch> => {
  const alertmanager = await alertmanagerOf();
  const without = async (...programs: Program[]): Promise<string> =>
    `none: there is no ${await missingOf(programs)}`;
  try {
    const prometheus = await prometheusOf(urls, alertmanager?.address ?? null);
    return {
      places: {
        Prometheus: prometheus?.url ?? (await without('prometheus', 'promtool')),
        Alertmanager: alertmanager?.url ?? (await without('alertmanager')),
      },
      stop: async () => {
        await prometheus?.stop();
        await alertmanager?.stop();
      },
    };
  } catch (error) {
    await alertmanager?.stop();
    throw error;
  }
};
