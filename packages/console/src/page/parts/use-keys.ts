/** The page's single keys, and the wish to do without them. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { type Command, commandOf } from '../model/keys.ts';

const OFF = 'holdfast-keys-off';

/** Kept in this browser. */
export function useKeysOff(): readonly [boolean, (off: boolean) => void] {
  const [off, setOff] = useState(() => localStorage.getItem(OFF) !== null);
  return [
    off,
    (next) => {
      if (next) localStorage.setItem(OFF, '1');
      else localStorage.removeItem(OFF);
      setOff(next);
    },
  ];
}

export function useKeys(does: (command: Command) => void, switchedOff: boolean): void {
  const latest = useRef(does);
  latest.current = does;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const command = commandOf(event, isTyping(event.target), switchedOff);
      if (command === null || event.defaultPrevented) return;
      event.preventDefault();
      latest.current(command);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [switchedOff]);
}

/** Where letters are typed or chosen by, and in dialogs, which close by themselves. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, select, textarea, dialog') !== null;
