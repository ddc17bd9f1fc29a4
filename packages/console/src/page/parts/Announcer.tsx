/** The page's one live region: a sentence when NRR as shown changed, never more often than twice a minute. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Present } from '../data/overview.ts';
import { percent, points } from '../model/format.ts';

const EVERY_MS = 30_000;

export function Announcer({ present }: { readonly present: Present | null }) {
  const [said, setSaid] = useState('');
  const last = useRef<{ at: number; nrr: number } | null>(null);
  const nrr = present?.row?.nrr ?? null;
  useEffect(() => {
    if (nrr === null) return;
    const now = performance.now();
    const before = last.current;
    if (before !== null && now - before.at < EVERY_MS) return;
    if (before !== null && percent(before.nrr) !== percent(nrr)) {
      setSaid(`NRR is now ${percent(nrr)}, ${points(nrr - before.nrr)}.`);
    } else if (before !== null) return;
    last.current = { at: now, nrr };
  }, [nrr]);
  return (
    <p class="unseen" aria-live="polite">
      {said}
    </p>
  );
}
