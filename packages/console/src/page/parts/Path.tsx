/** Where the reader is: each level leads back to itself. */

import type { View } from '../model/view.ts';
import { overview } from '../model/view.ts';
import { Go } from './Go.tsx';
import { PART_NAMES } from './PartView.tsx';
import { usePage } from './page-context.ts';

interface PathProps {
  /** The figure at the top, `NRR 107.5%`. */
  readonly top: string;
  readonly customerName: string | null;
}

export function Path({ top, customerName }: PathProps) {
  const { view } = usePage();
  const levels: { readonly name: string; readonly to: View }[] = [
    { name: top, to: overview(view) },
  ];
  if (view.quality) levels.push({ name: 'Data quality', to: view });
  if (view.part !== null) {
    levels.push({ name: PART_NAMES[view.part], to: { ...view, customer: null, event: null } });
  }
  if (view.customer !== null) {
    levels.push({ name: customerName ?? view.customer, to: { ...view, event: null } });
  }
  if (view.event !== null) levels.push({ name: view.event, to: view });
  return (
    <nav class="path" aria-label="Where you are">
      <ol>
        {levels.map(({ name, to }, index) => (
          <li key={name}>
            {index === levels.length - 1 ? (
              <b aria-current="page">{name}</b>
            ) : (
              <Go to={to}>{name}</Go>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
