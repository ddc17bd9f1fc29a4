/** What opens above the page: find a customer, the keys, the token. */

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { apiPath, ask, storeToken } from '../data/api.ts';
import type { FoundCustomer } from '../model/answers.ts';
import { KEY_HELP } from '../model/keys.ts';
import { Go } from './Go.tsx';
import { usePage } from './page-context.ts';

interface DialogProps {
  readonly title: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

function Dialog({ title, close, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-label={title} onClose={close}>
      <header>
        <h2>{title}</h2>
        <button type="button" aria-label="close" onClick={close}>
          ×
        </button>
      </header>
      {children}
    </dialog>
  );
}

const TYPED_MS = 150;

export function Find({ close }: Pick<DialogProps, 'close'>) {
  const { view, money } = usePage();
  const [search, setSearch] = useState('');
  const [found, setFound] = useState<readonly FoundCustomer[] | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      ask<{ readonly rows: readonly FoundCustomer[] }>(
        apiPath('/v1/customers', { search, limit: 12 }),
        stop.signal,
      ).then(
        ({ rows }) => setFound(rows),
        (error: unknown) => stop.signal.aborted || setFailed(String(error)),
      );
    }, TYPED_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [search]);
  return (
    <Dialog title="Find a customer" close={close}>
      <input
        type="text"
        inputMode="search"
        aria-label="name or id"
        placeholder="name or id"
        value={search}
        onInput={({ currentTarget }) => setSearch(currentTarget.value)}
      />
      {failed !== null && <p role="alert">{failed}</p>}
      {found?.length === 0 && <p class="empty">No customer has this in its name or id.</p>}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: following a link inside closes the dialog */}
      <ul class="found" onClick={close}>
        {(found ?? []).map(({ customer_id, name, arr_minor }) => (
          <li key={customer_id}>
            <Go to={{ ...view, quality: false, customer: customer_id, event: null }}>
              {name ?? customer_id}
            </Go>
            <span>{money.whole(arr_minor)}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

interface HelpProps extends Pick<DialogProps, 'close'> {
  readonly keysOff: boolean;
  readonly setKeysOff: (off: boolean) => void;
}

export function Help({ close, keysOff, setKeysOff }: HelpProps) {
  return (
    <Dialog title="Keys" close={close}>
      <dl class="keys">
        {KEY_HELP.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="field">
        <input
          type="checkbox"
          checked={!keysOff}
          onChange={({ currentTarget }) => setKeysOff(!currentTarget.checked)}
        />{' '}
        single keys act
      </label>
    </Dialog>
  );
}

export function TokenForm() {
  const [token, setToken] = useState('');
  const keep = (event: Event): void => {
    event.preventDefault();
    storeToken(token);
    location.reload();
  };
  return (
    <main class="alone">
      <h1>Holdfast</h1>
      <form onSubmit={keep}>
        <label class="field">
          Token of this server{' '}
          <input
            type="password"
            autocomplete="off"
            value={token}
            onInput={({ currentTarget }) => setToken(currentTarget.value)}
          />
        </label>{' '}
        <button type="submit">Open</button>
        <p class="empty">It is kept for this tab only.</p>
      </form>
    </main>
  );
}
