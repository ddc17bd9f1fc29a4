/** One customer: who it is, each step of its ARR with its cause, and its part in each window. */

import type { Share } from '@holdfast/domain/definitions/definition.ts';
import { pointToPointShare } from '@holdfast/domain/definitions/point-to-point.ts';
import { memberOf } from '@holdfast/domain/profile.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import { arrAt } from '@holdfast/domain/steps.ts';
import type { Query } from './database.ts';
import { type KnownAt, knownBy, whole } from './known.ts';
import {
  type CauseRow,
  causeOf,
  inForceOf,
  type MovementRow,
  movementOf,
  movementsSql,
  type StoredMovement,
} from './movement-rows.ts';

export interface ClassificationRow {
  readonly effectiveAt: number;
  readonly op: 'assert' | 'retract';
  readonly name: string | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly knownAt: number;
  readonly cause: CauseRow;
}

export interface WindowPart extends Omit<Share, 'kept'> {
  readonly window: string;
  /** The window is [from, to]. */
  readonly from: number;
  readonly to: number;
  /** Just before the window, by dimension. */
  readonly memberBy: Readonly<Record<string, string>>;
}

export interface CustomerStory {
  readonly name: string | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly arrMinor: number;
  readonly steps: readonly MovementRow[];
  readonly retracted: readonly { readonly row: MovementRow; readonly by: MovementRow }[];
  readonly windows: readonly WindowPart[];
  readonly classifications: readonly ClassificationRow[];
}

interface StoredClassification {
  readonly effective_at: number;
  readonly op: 1 | -1;
  readonly name: string | null;
  readonly attributes: string;
  readonly known_at: number;
  readonly event_id: string;
  readonly source: string;
  readonly topic: string;
  readonly cause_partition: number;
  readonly cause_offset: number;
}

const classificationOf = (row: StoredClassification): ClassificationRow => ({
  effectiveAt: row.effective_at,
  op: row.op === 1 ? 'assert' : 'retract',
  name: row.name,
  attributes: JSON.parse(row.attributes) as Record<string, string>,
  knownAt: row.known_at,
  cause: causeOf(row),
});

const NOBODY: Pick<ClassificationRow, 'name' | 'attributes'> = { name: null, attributes: {} };
const NO_PART = { opening: 0, closing: 0, expansion: 0, contraction: 0, churned: 0 };

/** `customer`: its number. */
export async function storyOf(
  query: Query,
  rules: Rules,
  customer: number,
  { asOf, knownAt }: { readonly asOf: number; readonly knownAt: KnownAt },
): Promise<CustomerStory> {
  const movements = await query<StoredMovement>(
    movementsSql(
      `customer = ${whole(customer)} and effective_at <= ${whole(asOf)}${knownBy(knownAt)}`,
      'sequence_',
    ),
  );
  const said = await query<StoredClassification>(
    `select * from classified where customer = ${whole(customer)}${knownBy(knownAt)}
     order by sequence_`,
  );
  const { inForce, retracted } = inForceOf(movements.map(movementOf));
  const classes = inForceOf(said.map(classificationOf)).inForce;
  const profileAt = (at: number): Pick<ClassificationRow, 'name' | 'attributes'> =>
    classes.findLast(({ effectiveAt }) => effectiveAt <= at) ?? classes[0] ?? NOBODY;
  const steps = {
    at: inForce.map(({ effectiveAt }) => effectiveAt),
    arr: inForce.map(({ arrAfterMinor }) => arrAfterMinor),
  };
  return {
    ...profileAt(asOf),
    arrMinor: arrAt(steps, asOf),
    steps: inForce,
    retracted,
    windows: rules.windows.map((window) => {
      const start = window.startFor(asOf + 1);
      const share = pointToPointShare({ steps }, { start, end: asOf + 1 }) ?? {
        ...NO_PART,
        closing: arrAt(steps, asOf),
      };
      return {
        window: window.name,
        from: start,
        to: asOf,
        opening: share.opening,
        closing: share.closing,
        expansion: share.expansion,
        contraction: share.contraction,
        churned: share.churned,
        memberBy: Object.fromEntries(
          rules.dimensions.map((name) => [name, memberOf(profileAt(start - 1), name)]),
        ),
      };
    }),
    classifications: classes,
  };
}
