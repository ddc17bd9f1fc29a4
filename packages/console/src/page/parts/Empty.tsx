/** Before there are figures: what feeds the page, or how far it is read; no zeros. */

import { count } from '../model/format.ts';

export function Reading({ deltas }: { readonly deltas: number }) {
  return (
    <section class="panel">
      <h1>Reading the history</h1>
      <p>{count(deltas)} movements so far. Figures appear once every partition is read.</p>
    </section>
  );
}

export function Empty() {
  return (
    <section class="panel">
      <h1>Nothing has arrived yet</h1>
      <p>Put billing changes on the topic, from a file of JSON lines:</p>
      <pre>
        <code>pnpm holdfast produce --events FILE --bootstrap HOST:PORT</code>
      </pre>
      <p>The page fills by itself as soon as the first customer pays.</p>
    </section>
  );
}
