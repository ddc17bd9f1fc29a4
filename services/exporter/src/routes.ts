/**
 * What the exporter answers. While the store can't be read a scrape fails as a whole: counters that
 * were shown as 0 meanwhile would look like a reset.
 */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { problem } from '@holdfast/service/answer.ts';
import type { Look } from '@holdfast/service/figures.ts';
import { healthRoutes, type Readiness } from '@holdfast/service/health.ts';
import type { Routes } from '@holdfast/service/http.ts';
import { exposeMetrics } from '@holdfast/telemetry/exposition.ts';
import type { Logger } from '@holdfast/telemetry/logger.ts';
import { labelCache, retentionMetrics } from '@holdfast/telemetry/retention-metrics.ts';

/** A way to look, or what start-up waits for. */
export type Source = (() => Promise<Look>) | string;

export const exporterRoutes = (source: () => Source, log: Logger): Routes => {
  const labels = labelCache();
  let said: string | null = null;

  /** A look, or why there is none. */
  const look = async (): Promise<Look | string> => {
    const current = source();
    if (typeof current === 'string') return current;
    try {
      const seen = await current();
      said = null;
      return seen;
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      if (said !== error.message) log.error(error.message, { code: error.code });
      said = error.message;
      return error.message;
    }
  };

  const readiness = async (): Promise<Readiness> => {
    const seen = await look();
    if (typeof seen === 'string') return { ready: false, why: seen };
    const { figures } = seen.snapshot;
    if (figures === null) return { ready: false, why: seen.missing ?? 'there are no figures' };
    return { ready: true, why: `figures as of ${new Date(figures.asOf).toISOString()}` };
  };

  return {
    ...healthRoutes(readiness),
    '/metrics': async ({ headers }) => {
      const seen = await look();
      if (typeof seen === 'string') return problem(503, 'Metrics cannot be read', seen);
      const exposed = await exposeMetrics(headers.accept, [
        retentionMetrics(seen.snapshot, labels),
      ]);
      return { status: 200, ...exposed };
    },
  };
};
