/** The closed list of definitions. */

import { compounded } from './compounded.ts';
import type { Definition, DefinitionName } from './definition.ts';
import { flow } from './flow.ts';
import { noReturners } from './no-returners.ts';
import { path } from './path.ts';
import { pointToPoint } from './point-to-point.ts';

export const DEFINITIONS: Readonly<Record<DefinitionName, Definition>> = {
  point_to_point: pointToPoint,
  no_returners: noReturners,
  path,
  flow,
  compounded,
};
