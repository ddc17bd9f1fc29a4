/** Passes on what the workers tell: to the metrics, to `/readyz` and to the log. Decides nothing. */

import { ERRORS, isHoldfastError } from '@holdfast/domain/errors.ts';
import type { Clock } from '@holdfast/pipeline/ports.ts';
import type { WorkerEvents } from '@holdfast/pipeline/worker.ts';
import type { Logger } from '@holdfast/telemetry/logger.ts';
import type { PipelineMetrics } from '@holdfast/telemetry/pipeline-metrics.ts';
import type { Status } from './status.ts';

export interface Listeners {
  readonly metrics: PipelineMetrics;
  readonly status: Status;
  readonly log: Logger;
  readonly clock: Clock;
}

export const workerEvents = ({ metrics, status, log, clock }: Listeners): WorkerEvents => {
  /** What each partition is known to wait for: a line when it changes, not one for each try. */
  const waits = new Map<number, string>();

  const tell = (partition: number, error: Error | null): void => {
    const before = waits.get(partition);
    if (error === null) {
      if (waits.delete(partition)) log.info('goes on', { partition });
      return;
    }
    waits.set(partition, error.message);
    if (before === error.message) return;
    const facts = isHoldfastError(error)
      ? { code: error.code, action: ERRORS[error.code].action }
      : { error };
    log.warn(error.message, { partition, ...facts });
  };

  return {
    claimed: (partition, epoch) => {
      metrics.claimed(partition);
      status.claimed(partition);
      tell(partition, null);
      log.info('claimed', { partition, epoch });
    },
    committed: (partition, commit, records, seconds) => {
      metrics.committed(partition, commit, records, seconds);
      // The newest record stands for those that came with it.
      if (records > 0) metrics.eventCommitted((clock.now() - commit.lastRecordAt) / 1000);
    },
    published: () => undefined,
    blocked: (partition, error) => {
      metrics.blocked(partition, error);
      status.blocked(partition, error?.message ?? null);
      tell(partition, error);
    },
    ended: (partition, how) => {
      metrics.ended(partition, how);
      status.ended(partition);
      waits.delete(partition);
      if (how === 'fenced') log.warn('another owner took the partition over', { partition });
      else log.info('gave the partition up', { partition });
    },
  };
};
