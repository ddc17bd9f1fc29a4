/** A link to another view: a real one, so it can be copied and opened elsewhere. */

import type { ComponentChildren } from 'preact';
import { type View, writeView } from '../model/view.ts';
import { usePage } from './page-context.ts';

interface GoProps {
  readonly to: View;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly title?: string;
}

export function Go({ to, children, ...rest }: GoProps) {
  const { go } = usePage();
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={writeView(to)} onClick={follow} {...rest}>
      {children}
    </a>
  );
}
