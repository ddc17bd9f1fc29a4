/** The exporter's process; see exporter.ts. */

import { readExporterConfig } from '@holdfast/config/services.ts';
import { runService } from '@holdfast/service/run.ts';
import { runExporter } from './exporter.ts';

process.exitCode = await runService(
  {
    name: 'exporter',
    does: 'Serves ARR and retention as Prometheus metrics, from the aggregates in Redis.',
    readConfig: readExporterConfig,
    run: runExporter,
  },
  process,
);
