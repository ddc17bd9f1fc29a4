/** What every part of the page needs: where it is, how to go elsewhere, how to write figures. */

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Refresh } from '../data/use-refreshed.ts';
import type { Calendar } from '../model/dates.ts';
import type { Money } from '../model/format.ts';
import type { View } from '../model/view.ts';

export interface Page {
  readonly view: View;
  readonly go: (next: View) => void;
  readonly money: Money;
  readonly calendar: Calendar;
  readonly refresh: Omit<Refresh, 'everyMs'>;
}

const Context = createContext<Page | null>(null);

export const PageProvider = Context.Provider;

export function usePage(): Page {
  const page = useContext(Context);
  if (page === null) throw new Error('there is no page around this part');
  return page;
}
