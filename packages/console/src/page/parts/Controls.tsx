/** Which figure is shown: window, member, date, and as known when. */

import type { ComponentChildren } from 'preact';
import type { Present } from '../data/overview.ts';
import type { Status } from '../model/answers.ts';
import type { Command } from '../model/keys.ts';
import { overview, type Scope } from '../model/view.ts';
import { usePage } from './page-context.ts';

export interface ControlsProps {
  readonly status: Status;
  readonly dimensions: Present['members'];
  /** The newest day, and the one shown. */
  readonly today: string;
  readonly day: string;
  readonly does: (command: Command) => void;
  /** What stands at the end of the line. */
  readonly children: ComponentChildren;
}

const ALL = '';
const scopeText = ({ dimension, member }: Scope): string => `${dimension}=${member}`;

export function Controls({ status, dimensions, today, day, does, children }: ControlsProps) {
  const { view, go } = usePage();
  const choose = (text: string): void => {
    const at = text.indexOf('=');
    const scope =
      text === ALL ? null : { dimension: text.slice(0, at), member: text.slice(at + 1) };
    go({ ...overview(view), scope });
  };
  const known = view.scope;
  const listed = dimensions.some(
    ({ dimension, rows }) =>
      dimension === known?.dimension && rows.some(({ member }) => member === known.member),
  );
  return (
    <div class="controls">
      <fieldset class="segments">
        <legend class="unseen">Window</legend>
        {status.windows.map((window) => (
          <button
            key={window}
            type="button"
            aria-pressed={window === view.window}
            onClick={() => go({ ...view, window })}
          >
            {window}
          </button>
        ))}
      </fieldset>
      <label>
        <span class="unseen">Customers</span>
        <select
          value={known === null ? ALL : scopeText(known)}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          <option value={ALL}>all customers</option>
          {known !== null && !listed && <option value={scopeText(known)}>{known.member}</option>}
          {dimensions.map(({ dimension, rows }) => (
            <optgroup key={dimension} label={dimension}>
              {rows.map(({ member }) => (
                <option key={member} value={scopeText({ dimension, member })}>
                  {member}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <fieldset class="segments">
        <legend class="unseen">Date</legend>
        <button type="button" aria-label="a day back" onClick={() => does({ kind: 'day', by: -1 })}>
          ‹
        </button>
        <input
          type="date"
          aria-label="as of"
          value={day}
          max={today}
          onChange={({ currentTarget: { value } }) =>
            value !== '' && go({ ...view, asOf: value >= today ? null : value })
          }
        />
        <button
          type="button"
          aria-label="a day on"
          disabled={view.asOf === null}
          onClick={() => does({ kind: 'day', by: 1 })}
        >
          ›
        </button>
        <button
          type="button"
          aria-pressed={view.asOf === null}
          onClick={() => does({ kind: 'now' })}
        >
          now
        </button>
      </fieldset>
      <fieldset class="segments">
        <legend class="unseen">Knowledge</legend>
        <button
          type="button"
          aria-pressed={!view.known}
          onClick={() => go({ ...view, known: false })}
        >
          corrected
        </button>
        <button
          type="button"
          aria-pressed={view.known}
          onClick={() => go({ ...view, known: true })}
        >
          as known
        </button>
      </fieldset>
      {children}
    </div>
  );
}
