/** What the page shows, wholly in its URL: a pasted one opens the same. */

import { isDay } from './dates.ts';

/** Definitions that have parts for every member. */
export const DEFINITIONS = ['point_to_point', 'no_returners', 'path'] as const;
export type DefinitionName = (typeof DEFINITIONS)[number];

export const PARTS = ['churned', 'contraction', 'expansion'] as const;
export type Part = (typeof PARTS)[number];

export interface Scope {
  readonly dimension: string;
  readonly member: string;
}

export interface View {
  readonly window: string;
  readonly definition: DefinitionName;
  /** One member only; null: all customers. */
  readonly scope: Scope | null;
  /** A day (its end) or an instant; null: the newest. */
  readonly asOf: string | null;
  /** As it was known at the as-of; else as corrected since. */
  readonly known: boolean;
  /** Charts as tables. */
  readonly table: boolean;
  /** How deep: a part of the figure (or all of them), a customer, an event; or the data's quality. */
  readonly part: Part | 'all' | null;
  readonly customer: string | null;
  readonly event: string | null;
  readonly quality: boolean;
}

export const FIRST_VIEW: View = {
  window: 'P12M',
  definition: 'point_to_point',
  scope: null,
  asOf: null,
  known: false,
  table: false,
  part: null,
  customer: null,
  event: null,
  quality: false,
};

const isInstant = (text: string): boolean =>
  isDay(text) ||
  (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)));

/** What a query says; what it says wrongly is left as it is by default. */
export function readView(query: string): View {
  const said = new URLSearchParams(query);
  const [window, dimension, member, asOf] = ['window', 'by', 'member', 'as_of'].map((name) =>
    said.get(name),
  );
  const definition = DEFINITIONS.find((name) => name === said.get('definition'));
  const part = [...PARTS, 'all' as const].find((name) => name === said.get('part'));
  return {
    ...FIRST_VIEW,
    window: window && /^P\d{1,4}[DWMY]$/.test(window) ? window : FIRST_VIEW.window,
    definition: definition ?? FIRST_VIEW.definition,
    scope: dimension && member ? { dimension, member } : null,
    asOf: asOf && isInstant(asOf) ? asOf : null,
    known: said.get('known') === 'then',
    table: said.has('table'),
    part: part ?? null,
    customer: said.get('customer'),
    event: said.get('customer') === null ? null : said.get('event'),
    quality: said.has('quality'),
  };
}

/** The query of a view, without what is so by default. */
export function writeView(view: View): string {
  const query = new URLSearchParams();
  const say = (name: string, value: string | null): void => {
    if (value !== null) query.set(name, value);
  };
  say('window', view.window === FIRST_VIEW.window ? null : view.window);
  say('definition', view.definition === FIRST_VIEW.definition ? null : view.definition);
  say('by', view.scope?.dimension ?? null);
  say('member', view.scope?.member ?? null);
  say('as_of', view.asOf);
  say('known', view.known ? 'then' : null);
  say('part', view.part);
  say('customer', view.customer);
  say('event', view.event);
  say('quality', view.quality ? '1' : null);
  say('table', view.table ? '1' : null);
  const text = query.toString();
  return text === '' ? '/' : `/?${text}`;
}

/** The whole figure, nothing opened. */
export const overview = (view: View): View => ({
  ...view,
  part: null,
  customer: null,
  event: null,
  quality: false,
});

/** One level up: event > customer > customers > part's figure; a member's figure > all. */
export function up(view: View): View {
  if (view.event !== null) return { ...view, event: null };
  if (view.customer !== null) return { ...view, customer: null };
  if (view.part !== null || view.quality) return overview(view);
  return { ...view, scope: null };
}
