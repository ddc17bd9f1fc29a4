/** The view in the browser's URL and history. */

import { useEffect, useState } from 'preact/hooks';
import { readView, type View, writeView } from '../model/view.ts';

export function useView(): readonly [View, (next: View) => void] {
  const [view, setView] = useState(() => readView(location.search));
  useEffect(() => {
    const back = (): void => setView(readView(location.search));
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);
  const go = (next: View): void => {
    const url = writeView(next);
    if (url === `${location.pathname}${location.search}`) return;
    history.pushState(null, '', url);
    setView(next);
  };
  return [view, go];
}
