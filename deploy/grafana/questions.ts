/** Everything that a board asks Prometheus, as Prometheus is asked: with values for its variables. */

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

/** What a board shows first, and intervals as Grafana makes them of scrapes each `interval`. */
const valuesFor = (interval: string): readonly (readonly [string, string])[] => [
  ['$__rate_interval', interval],
  ['$__interval', interval],
  ['$__range', interval],
  ['$window', 'P12M'],
  ['$dimension', 'segment'],
  ['$member', '.*'],
];

interface Target {
  readonly expr?: string;
}

interface Asked {
  readonly title: string;
  readonly expr: string;
}

/** The expressions of panels and annotations. */
export const questionsOf = (board: Dashboard, interval: string): readonly Asked[] => {
  const annotations = (board.annotations.list ?? []).map(({ name, expr }) => ({ name, expr }));
  const panels = (board.panels ?? []).flatMap((panel) =>
    'targets' in panel
      ? (panel.targets ?? []).map((target) => ({
          name: panel.title ?? '',
          expr: (target as Target).expr,
        }))
      : [],
  );
  return [...panels, ...annotations].map(({ name, expr = '' }) => ({
    title: name,
    expr: valuesFor(interval).reduce((text, [from, to]) => text.replaceAll(from, to), expr),
  }));
};

/** The queries of variables: label_values(SELECTOR, LABEL). */
export const choicesOf = (
  board: Dashboard,
): readonly { readonly selector: string; readonly label: string }[] =>
  (board.templating.list ?? []).flatMap(({ query }) => {
    const text = typeof query === 'object' ? String(query.query) : '';
    const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(text) ?? [];
    return selector === undefined || label === undefined ? [] : [{ selector, label }];
  });
