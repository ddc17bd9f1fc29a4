/** What a PromQL expression reads, by Prometheus's own grammar. Parses only. */

import { parser } from '@prometheus-io/lezer-promql';

export interface Selector {
  readonly metric: string;
  /** Labels that it is matched by. */
  readonly labels: readonly string[];
}

export interface Reads {
  readonly selectors: readonly Selector[];
  /** Labels of `by`, `on` and the like. */
  readonly grouping: readonly string[];
}

/** Throws on what is no PromQL. */
export const readsOf = (expression: string): Reads => {
  const selectors: { metric: string; labels: string[] }[] = [];
  const grouping: string[] = [];
  parser.parse(expression).iterate({
    enter: (node) => {
      const text = expression.slice(node.from, node.to);
      if (node.type.isError) throw new SyntaxError(`not PromQL at ${node.from}: ${expression}`);
      if (node.name === 'VectorSelector') selectors.push({ metric: '', labels: [] });
      const selector = selectors.at(-1);
      if (node.name === 'Identifier' && node.matchContext(['VectorSelector']) && selector)
        selector.metric = text;
      if (node.name !== 'LabelName') return;
      if (node.matchContext(['GroupingLabels'])) grouping.push(text);
      else selector?.labels.push(text);
    },
  });
  return { selectors, grouping };
};
