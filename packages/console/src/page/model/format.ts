/** Figures as the page shows them: one decimal, U+2212 for minus, + on gains, a dash for nothing. */

export const DASH = '—';
const MINUS = '−';

const withMinus = (text: string): string => text.replace('-', MINUS);
const withSign = (text: string, value: number): string => {
  const zero = !/[1-9]/.test(text);
  if (zero) return text.replace(/^[-+]/, '');
  return value > 0 ? `+${text}` : withMinus(text);
};

/** 1.0749 -> 107.5% */
export const percent = (ratio: number | null): string =>
  ratio === null ? DASH : withMinus(`${(ratio * 100).toFixed(1)}%`);

/** A difference of ratios, or a share of a whole: 0.008 -> +0.8pt */
export const points = (difference: number | null): string =>
  difference === null ? DASH : `${withSign((difference * 100).toFixed(1), difference)}pt`;

export const count = (value: number | null): string =>
  value === null ? DASH : value.toLocaleString('en-US');

/** 1 customer, 2 customers */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** Writes minor units of one currency. */
export interface Money {
  /** $15.9M; with `decimals` $15.87M */
  compact(minor: number | null, decimals?: number): string;
  /** $20M, $0.5M: of an axis, which may fall between minor units. */
  tick(minor: number): string;
  /** $0.62M: two decimals in the unit that suits `like`, so that parts of one whole line up. */
  scaled(minor: number, like: number): string;
  /** $15,870,000 */
  whole(minor: number | null): string;
  /** $15,870,000.12, with the currency's decimals */
  exact(minor: number | null): string;
  /** The same with + on gains. */
  signed(minor: number | null, how?: 'compact' | 'whole' | 'exact'): string;
  signedScaled(minor: number, like: number): string;
}

/** Minor units as a decimal text, which Intl rounds without a float between. */
const decimal = (minor: number, exponent: number): Intl.StringNumericLiteral => {
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const at = digits.length - exponent;
  const fraction = exponent === 0 ? '' : `.${digits.slice(at)}`;
  return `${minor < 0 ? '-' : ''}${digits.slice(0, at)}${fraction}` as Intl.StringNumericLiteral;
};

const UNITS = [
  { zeros: 9, name: 'B' },
  { zeros: 6, name: 'M' },
  { zeros: 3, name: 'K' },
] as const;

export function moneyIn(currency: string): Money {
  const style = { style: 'currency', currency } as const;
  const exact = new Intl.NumberFormat('en-US', style);
  const exponent = exact.resolvedOptions().maximumFractionDigits ?? 2;
  const whole = new Intl.NumberFormat('en-US', { ...style, maximumFractionDigits: 0 });
  const short = new Map<number, Intl.NumberFormat>();
  const compactFormat = (decimals: number): Intl.NumberFormat => {
    const known = short.get(decimals);
    if (known !== undefined) return known;
    const made = new Intl.NumberFormat('en-US', {
      ...style,
      notation: 'compact',
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    short.set(decimals, made);
    return made;
  };
  const write = (format: Intl.NumberFormat, minor: number | null): string =>
    minor === null ? DASH : withMinus(format.format(decimal(minor, exponent)));
  const compact = (minor: number | null, decimals = 1): string =>
    write(compactFormat(Math.abs(minor ?? 0) < 1_000 * 10 ** exponent ? 0 : decimals), minor);
  const tick = new Intl.NumberFormat('en-US', {
    ...style,
    notation: 'compact',
    minimumFractionDigits: 0,
    maximumFractionDigits: 1,
  });
  const twoDecimals = new Intl.NumberFormat('en-US', {
    ...style,
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  const scaled = (minor: number, like: number): string => {
    const unit = UNITS.find(({ zeros }) => Math.abs(like) >= 10 ** (exponent + zeros));
    if (unit === undefined) return write(whole, minor);
    const text = twoDecimals.format(decimal(minor, exponent + unit.zeros));
    return withMinus(text.replace(/(\d)(\D*)$/, `$1${unit.name}$2`));
  };
  const hows = {
    compact,
    whole: (minor: number | null) => write(whole, minor),
    exact: (minor: number | null) => write(exact, minor),
  };
  return {
    ...hows,
    tick: (minor) => write(tick, Math.round(minor)),
    scaled,
    signedScaled: (minor, like) => withSign(scaled(minor, like).replace(MINUS, '-'), minor),
    signed: (minor, how = 'whole') =>
      minor === null ? DASH : withSign(hows[how](minor).replace(MINUS, '-'), minor),
  };
}

/** 0.4s, 59s, 3 min, 2 h, 5 days */
export function age(seconds: number): string {
  if (seconds < 10) return `${Math.max(seconds, 0).toFixed(1)}s`;
  if (seconds < 60) return `${Math.floor(seconds)}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return counted(Math.floor(seconds / 86_400), 'day');
}

/** upsell, price increase */
export const words = (name: string): string => name.replaceAll('_', ' ');

/** P12M -> 12 months */
export function windowWords(window: string): string {
  const match = /^P(\d+)([DWMY])$/.exec(window);
  if (match === null) return window;
  const unit = { D: 'day', W: 'week', M: 'month', Y: 'year' }[match[2] as 'D' | 'W' | 'M' | 'Y'];
  return counted(Number(match[1]), unit);
}
