/**
 * Prometheus and Alertmanager as an installation has them, beside a pipe of a test: they scrape its
 * exporter and processor, know its past and evaluate the rules of deploy/prometheus.
 */

import { readFileSync } from 'node:fs';
import { type Alertmanager, startAlertmanager } from '@holdfast/testkit/launchers/alertmanager.ts';
import { type Prometheus, startPrometheus } from '@holdfast/testkit/launchers/prometheus.ts';
import { configAt, type Pace, rulesAt } from '../../deploy/prometheus/config.ts';

const ALERTMANAGER = new URL('../../deploy/alertmanager/alertmanager.yml', import.meta.url);

export interface Answer {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Monitoring extends AsyncDisposable {
  /** What an expression says now. Throws on what Prometheus refuses. */
  query(expr: string): Promise<readonly Answer[]>;
  /** Names of the alerts that were told to someone: neither resolved nor muted. */
  told(): Promise<readonly string[]>;
}

export interface MonitoringOptions {
  readonly exporter: string;
  readonly processor: string;
  /** OpenMetrics with timestamps. */
  readonly past: string;
  readonly pace: Pace;
  readonly every?: string;
}

const hostOf = (url: string): string => new URL(url).host;

const query = async ({ url }: Prometheus, expr: string): Promise<readonly Answer[]> => {
  const asked = `${url}/api/v1/query?${new URLSearchParams({ query: expr })}`;
  const answer = (await (await fetch(asked)).json()) as {
    status: string;
    error?: string;
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  if (answer.status !== 'success') throw new Error(`${answer.error}: ${expr}`);
  return answer.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
};

const told = async ({ url }: Alertmanager): Promise<readonly string[]> => {
  const asked = `${url}/api/v2/alerts?active=true&silenced=false&inhibited=false`;
  const alerts = (await (await fetch(asked)).json()) as { labels: { alertname: string } }[];
  return alerts.map(({ labels }) => labels.alertname);
};

export const startMonitoring = async (options: MonitoringOptions): Promise<Monitoring> => {
  const { exporter, processor, past, pace, every } = options;
  const alertmanager = await startAlertmanager({ config: readFileSync(ALERTMANAGER, 'utf8') });
  try {
    const prometheus = await startPrometheus({
      config: configAt({
        targets: {
          'holdfast-exporter': hostOf(exporter),
          'holdfast-processor': hostOf(processor),
          'holdfast-ledger': null,
        },
        alertmanager: alertmanager.address,
        ...(every === undefined ? {} : { every }),
      }),
      files: rulesAt(pace),
      past,
    });
    return {
      query: (expr) => query(prometheus, expr),
      told: () => told(alertmanager),
      [Symbol.asyncDispose]: async () => {
        await prometheus.stop();
        await alertmanager.stop();
      },
    };
  } catch (error) {
    await alertmanager.stop();
    throw error;
  }
};
