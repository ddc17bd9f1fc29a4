/**
 * Turns metrics into the text that Prometheus scrapes. Every scrape builds a registry of its own:
 * series of vanished members are gone by themselves, and both formats can be served (a registry of
 * prom-client renames its counters for good when it once wrote OpenMetrics).
 */

import {
  Counter,
  Gauge,
  type OpenMetricsContentType,
  type PrometheusContentType,
  Registry,
} from 'prom-client';
import type { Family } from './definition.ts';

type AnyRegistry = Registry<PrometheusContentType | OpenMetricsContentType>;

/** Something that has metrics to show. */
export interface MetricSource {
  addTo(registry: AnyRegistry): void;
}

export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

/**
 * Adds a family with its values as they are. Setting them series by series, as prom-client wants
 * it, and formatting the same labels for every metric would cost six times as much.
 */
export const addFamily = (registry: AnyRegistry, { definition, samples }: Family): void => {
  if (samples.length === 0) return;
  const { name, help, labels } = definition;
  const config = { name, help, labelNames: [...labels], registers: [registry] };
  const metric = definition.type === 'counter' ? new Counter(config) : new Gauge(config);
  const values = samples.map((sample) => ({
    labels: {},
    sharedLabels: sample.labels,
    value: sample.value,
  }));
  const { get } = metric;
  metric.get = async () => ({ ...(await get.call(metric)), values });
};

/** The quality that an Accept header gives to a media type; 0: not wanted. */
const quality = (accept: string, mediaType: string): number => {
  for (const part of accept.split(',')) {
    const [type, ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    if (type !== mediaType) continue;
    const version = parameters.find((parameter) => parameter.startsWith('version='));
    if (mediaType === OPEN_METRICS && version !== undefined && version !== 'version=1.0.0')
      continue;
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    return q === undefined ? 1 : Number(q.slice(2)) || 0;
  }
  return 0;
};

const OPEN_METRICS = 'application/openmetrics-text';

/** OpenMetrics where the reader prefers it, else the Prometheus text format. */
const contentTypeFor = (accept: string): PrometheusContentType | OpenMetricsContentType => {
  const open = quality(accept, OPEN_METRICS);
  return open > 0 && open >= quality(accept, 'text/plain')
    ? Registry.OPENMETRICS_CONTENT_TYPE
    : Registry.PROMETHEUS_CONTENT_TYPE;
};

/** The answer to a scrape. No two sources may have a metric of the same name. */
export const exposeMetrics = async (
  accept: string | undefined,
  sources: readonly MetricSource[],
): Promise<Exposition> => {
  const contentType = contentTypeFor(accept ?? '');
  const registry: AnyRegistry = new Registry();
  registry.setContentType(contentType);
  for (const source of sources) source.addTo(registry);
  return { contentType, body: await registry.metrics() };
};
