/** The line on top: name, NRR on a phone, age, and everything that chooses the figure. */

import type { LiveState } from '../data/live.ts';
import type { Command } from '../model/keys.ts';
import { Age } from './Age.tsx';
import { Controls, type ControlsProps } from './Controls.tsx';
import { usePage } from './page-context.ts';

interface TopProps extends Omit<ControlsProps, 'children'> {
  readonly heard: LiveState['heard'];
  readonly paused: boolean;
  /** `NRR 107.5%`; null: there is none yet. */
  readonly figure: string | null;
}

export function Top({ heard, paused, figure, ...controls }: TopProps) {
  return (
    <header class="top">
      <a class="skip" href="#figures">
        Skip to the figures
      </a>
      <div class="brand">
        <b>Holdfast</b>
        <span class="sticky-nrr">{figure}</span>
        <Age heard={heard} paused={paused} />
      </div>
      {controls.status.first_effective_at !== null && (
        <Controls {...controls}>
          <Tools paused={paused} does={controls.does} />
        </Controls>
      )}
    </header>
  );
}

interface ToolsProps {
  readonly paused: boolean;
  readonly does: (command: Command) => void;
}

function Tools({ paused, does }: ToolsProps) {
  const { view } = usePage();
  return (
    <span class="tools">
      <button type="button" aria-pressed={paused} onClick={() => does({ kind: 'pause' })}>
        pause
      </button>
      <button type="button" onClick={() => does({ kind: 'find' })}>
        find
      </button>
      <button type="button" aria-pressed={view.table} onClick={() => does({ kind: 'table' })}>
        tables
      </button>
      <button type="button" aria-label="help: keys" onClick={() => does({ kind: 'help' })}>
        ?
      </button>
    </span>
  );
}
