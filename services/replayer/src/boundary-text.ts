/** A boundary for people and for machines. */

import type { Boundary } from '@holdfast/pipeline/ports.ts';

export const boundaryText = ({ nextOffset, asOf }: Boundary): string =>
  `offset ${nextOffset} at ${new Date(asOf).toISOString()}`;

export const boundaryJson = ({ nextOffset, asOf }: Boundary): object => ({
  next_offset: nextOffset,
  as_of: new Date(asOf).toISOString(),
});
