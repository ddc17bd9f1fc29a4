/** A part of the page under a heading. */

import type { ComponentChildren } from 'preact';

interface PanelProps {
  readonly title: string;
  readonly note?: string;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

export function Panel({ title, note, wide, children }: PanelProps) {
  return (
    <section class={wide ? 'panel wide' : 'panel'} aria-label={title}>
      <h2>
        {title} {note !== undefined && <small>{note}</small>}
      </h2>
      {children}
    </section>
  );
}
