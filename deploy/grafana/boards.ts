/** The boards as Grafana reads them, by file name in `boards/`. */

import type { Dashboard, DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { movementsBoard } from './board/movements.ts';
import { ownersBoard } from './board/owners.ts';
import { pipelineBoard } from './board/pipeline.ts';
import { retentionBoard } from './board/retention.ts';

export const boards = (): Readonly<Record<string, Dashboard>> => ({
  'retention.json': built(retentionBoard()),
  'movements.json': built(movementsBoard()),
  'owners.json': built(ownersBoard()),
  'pipeline.json': built(pipelineBoard()),
});

/** Panels get their ids from their place, so that a link to one stays. */
const built = (builder: DashboardBuilder): Dashboard => {
  const board = builder.build();
  return { ...board, panels: (board.panels ?? []).map((panel, at) => ({ ...panel, id: at + 1 })) };
};

/** As it stands in the file. */
export const asText = (board: Dashboard): string => `${JSON.stringify(board, null, 2)}\n`;
