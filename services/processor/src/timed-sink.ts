/** Measures how long publishing takes, for the metrics; the sink itself knows nothing of it. */

import type { DeltaSink } from '@holdfast/pipeline/ports.ts';

export const timedSink = (
  sink: DeltaSink,
  stopwatch: () => number,
  took: (seconds: number) => void,
): DeltaSink => ({
  ...sink,
  open: async (partition) => {
    const output = await sink.open(partition);
    return {
      ...output,
      publish: async (batch) => {
        const started = stopwatch();
        const position = await output.publish(batch);
        took(stopwatch() - started);
        return position;
      },
    };
  },
});
