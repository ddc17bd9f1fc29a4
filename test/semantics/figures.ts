/**
 * Figures as docs/SEMANTICS.md writes them, held against what the product answers. Exact but for
 * ratios, which must be right to the decimals written.
 */

/** How a cell is written, and with that how it is compared. */
export type Kind = 'text' | 'money' | 'count' | 'percent' | 'instant' | 'drivers' | 'list';

export interface Figures {
  /** Decimals of the reporting currency. */
  readonly exponent: number;
  /** UTC ms; a date alone is its first instant. */
  readonly instant: (text: string) => number;
}

export interface WireDriver {
  readonly driver: string;
  readonly product_id: string;
  readonly amount_minor: number;
}

const MONEY = /^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/;
const NONE = '-';

/** Minor units of money as written, such as 1,200.50. */
export function minorOf(text: string, exponent: number): number {
  const decimals = /\.(\d+)$/.exec(text)?.[1] ?? '';
  if (!MONEY.test(text) || decimals.length > exponent) {
    throw new Error(`"${text}" is no amount with ${exponent} decimals`);
  }
  const digits = text.replace(/[+,.]/g, '') + '0'.repeat(exponent - decimals.length);
  return Number(digits);
}

/** Whether the written figure is the one found. */
export function agrees(figures: Figures, kind: Kind, written: string, found: unknown): boolean {
  if (written === NONE) return found === null || (Array.isArray(found) && found.length === 0);
  if (found === null || found === undefined) return false;
  switch (kind) {
    case 'text':
      return written === found;
    case 'count':
      return written === String(found);
    case 'list':
      return written === (found as readonly string[]).join(', ');
    case 'money':
      return MONEY.test(written) && minorOf(written, figures.exponent) === found;
    case 'percent': {
      const decimals = /\.(\d+)%$/.exec(written)?.[1] ?? '';
      return written === `${((found as number) * 100).toFixed(decimals.length)}%`;
    }
    case 'instant':
      return figures.instant(written) === Date.parse(found as string);
    case 'drivers':
      return agreesAll(figures, written.split('; '), found as readonly WireDriver[]);
  }
}

/** Each written as: upsell core +6,000.00. */
function agreesAll(
  figures: Figures,
  written: readonly string[],
  found: readonly WireDriver[],
): boolean {
  return (
    written.length === found.length &&
    found.every(({ driver, product_id, amount_minor }, index) => {
      const [name, product, amount = ''] = (written[index] as string).split(' ');
      return (
        name === driver && product === product_id && agrees(figures, 'money', amount, amount_minor)
      );
    })
  );
}
