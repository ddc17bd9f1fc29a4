/** Bugs of what the exporter makes of what it reads. */

import type { PlantedBug } from './planted-bug.ts';

const overlooksDue: PlantedBug = {
  name: 'the exporter sums partitions beyond their first due',
  seams: {
    views: (views) =>
      views.map((view) => view && { ...view, meta: { ...view.meta, firstDue: null } }),
  },
};

export const EXPORTER_BUGS: readonly PlantedBug[] = [overlooksDue];
