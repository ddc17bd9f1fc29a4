/** New rows wait behind a button while a list is being read. */

import { useRef, useState } from 'preact/hooks';
import { type HeldRows, heldRows } from '../model/held-rows.ts';

export interface Held<Row> {
  readonly held: HeldRows<Row>;
  /** For the element round the list. */
  readonly hold: {
    readonly onFocusIn: () => void;
    readonly onFocusOut: (event: FocusEvent) => void;
  };
  readonly letIn: () => void;
}

export function useHeld<Row>(newest: readonly Row[], idOf: (row: Row) => string): Held<Row> {
  const [kept, setKept] = useState<readonly Row[] | null>(null);
  const latest = useRef(newest);
  latest.current = newest;
  return {
    held: heldRows(newest, kept, idOf),
    hold: {
      onFocusIn: () => setKept((before) => before ?? latest.current),
      onFocusOut: ({ currentTarget, relatedTarget }) => {
        const inside = (currentTarget as Element).contains(relatedTarget as Node | null);
        if (!inside) setKept(null);
      },
    },
    letIn: () => setKept(latest.current),
  };
}

export function Waiting({ count, letIn }: { readonly count: number; readonly letIn: () => void }) {
  if (count === 0) return null;
  return (
    <button type="button" class="waiting" onClick={letIn}>
      {count} new
    </button>
  );
}
