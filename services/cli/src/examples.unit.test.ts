/**
 * What people see of docs/examples, to the letter. The amounts are worked out by hand from the
 * file: Acme 50 seats at $12,500 a month, then 60 at $15,000, then at $16,200; Fjord EUR 36,000 a
 * year at 1.10; Lumen $360,000 for three years; Orchid paused in November and back in February.
 */

import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { call } from './testing.ts';

const FILES = ['events.jsonl', 'policy.yaml'].map((name) =>
  fileURLToPath(new URL(`../../../docs/examples/${name}`, import.meta.url)),
) as [string, string];

const shown = async (...words: readonly string[]): Promise<string> => {
  const { exit, out, err } = await call([...words, '--events', FILES[0], '--policy', FILES[1]]);
  expect({ exit, err }).toEqual({ exit: 0, err: '' });
  return `\n${out}`;
};

const ASKED = ['--as-of', '2026-06-30', '--window', 'P12M'];

it('shows the parts of retention, which add up', async () => {
  expect(await shown('report', ...ASKED)).toBe(`
report NRR 98.9% GRR 83.5% P12M to 2026-06-30 point_to_point USD
    opening   churn contract  expand closing
all 341,388 -39,600  -16,800 +52,700 337,688
customers 83.3%  5 of 6 kept
ARR 464,876  7 customers
`);
});

it('shows members by their opening ARR', async () => {
  expect(await shown('report', ...ASKED, '--by', 'segment')).toBe(`
report by segment P12M to 2026-06-30 point_to_point USD
              NRR    GRR   logo opening   churn contract  expand closing     ARR customers
enterprise 113.2%  95.1% 100.0% 246,000       0  -12,000 +44,400 278,400 398,400         3
mid-market  46.4%  46.4%  50.0%  82,800 -39,600   -4,800       0  38,400  51,588         2
smb        165.9% 100.0% 100.0%  12,588       0        0  +8,300  20,888  14,888         2
`);
});

it('shows dashes for the parts that a definition does not have', async () => {
  // 332,988 / 341,388 until Kite comes, 314,976 / 340,176 until Orchid is back, then
  // 344,876 / 350,976: what came in a month is in no cohort before the next one.
  expect(await shown('report', ...ASKED, '--definition', 'compounded')).toBe(`
report NRR 88.7% GRR - P12M to 2026-06-30 compounded USD
    opening churn contract expand closing
all       -     -        -      -       -
customers -  - of - kept
ARR 464,876  7 customers
`);
});

it('shows months by their name, with money and customers', async () => {
  const months = ['--from', '2026-01-01', '--to', '2026-06-01', '--every', 'P1M'];
  expect(await shown('movements', ...months)).toBe(`
movements opening      new  return  expand contract   churn closing
2026-01   340,176        0       0 +14,400        0       0 354,576
2026-02   354,576        0 +36,000       0        0 -39,600 350,976
2026-03   350,976        0       0  +2,400        0       0 353,376
2026-04   353,376        0       0  +1,100        0       0 354,476
2026-05   354,476 +120,000       0  +2,400  -12,000       0 464,876

customers new return expand contract churn
2026-01     0      0      1        0     0
2026-02     0      1      0        0     1
2026-03     0      0      1        0     0
2026-04     0      0      1        0     0
2026-05     1      0      1        1     0

USD, netted by customer and period
`);
});

it('shows other periods by date or instant, and members beside them', async () => {
  const labels = async (words: string): Promise<readonly string[]> => {
    const text = await shown('movements', ...words.split(' '));
    const rows = text.split('\n\n')[0]?.split('\n').slice(2) ?? [];
    return rows.map((row) => row.split(/ +/).slice(0, 2).join(' '));
  };
  expect(await labels('--from 2026-01-01 --to 2026-02-20 --every P1M')).toEqual([
    '2026-01-01 340,176',
    '2026-02-01 354,576',
  ]);
  const noon = '--from 2026-02-01T12:00Z --to 2026-02-02 --every P1D --by region';
  expect(await labels(noon)).toEqual([
    '2026-02-01T12:00:00.000Z eu',
    '2026-02-01T12:00:00.000Z us',
  ]);
});

it('gives movements to machines with every field of its contract', async () => {
  const month = ['--from', '2026-02-01', '--to', '2026-03-01', '--every', 'P1M', '--json'];
  expect(JSON.parse(await shown('movements', ...month))).toEqual({
    every: 'P1M',
    currency: 'USD',
    rows: [
      {
        from: '2026-02-01T00:00:00.000Z',
        to: '2026-03-01T00:00:00.000Z',
        dimension: 'all',
        member: 'all',
        opening_arr_minor: 35_457_600,
        new_arr_minor: 0,
        reactivation_arr_minor: 3_600_000,
        expansion_arr_minor: 0,
        contraction_arr_minor: 0,
        churned_arr_minor: 3_960_000,
        closing_arr_minor: 35_097_600,
        new_customers: 0,
        reactivated_customers: 1,
        expanded_customers: 0,
        contracted_customers: 0,
        churned_customers: 1,
      },
    ],
  });
});

it('explains who made the difference and why', async () => {
  expect(await shown('explain', ...ASKED)).toBe(`
explain NRR 98.9% GRR 83.5% P12M to 2026-06-30 point_to_point USD
                   then     now   share    pt why
Acme Industrial 150,000 194,400 +44,400 +13.0 upsell e-07
Fjord Logistics  39,600       0 -39,600 -11.6 cancellation e-12
Harbor Foods     96,000  84,000 -12,000  -3.5 downgrade e-06
Cedar Studio      5,988  13,188  +7,200  +2.1 upsell e-08
Orchid Clinics   43,200  38,400  -4,800  -1.4 cancellation e-09
Pine & Partner    6,600   7,700  +1,100  +0.3 upsell e-16
sum             341,388 337,688  -3,700  -1.1
`);
});

it('explains each member on its own, the largest first', async () => {
  const text = await shown('explain', ...ASKED, '--by', 'region');
  expect(text).toContain(`
eu NRR 16.7% GRR 14.3%
                  then   now   share    pt why
Fjord Logistics 39,600     0 -39,600 -85.7 cancellation e-12
Pine & Partner   6,600 7,700  +1,100  +2.4 upsell e-16
sum             46,200 7,700 -38,500 -83.3
`);
  expect(text.indexOf('\nus NRR')).toBeLessThan(text.indexOf('\neu NRR'));
});

it('names the end of a customer that is gone by the definition, also where it came back', async () => {
  const text = await shown('explain', ...ASKED, '--definition', 'no_returners');
  expect(text).toContain('Orchid Clinics   43,200       0 -43,200 -12.7 cancellation e-09');
});

it('explains one customer down to its events', async () => {
  expect(await shown('explain', ...ASKED, '--customer', 'c-acme')).toBe(`
explain Acme Industrial (c-acme) P12M to 2026-06-30 point_to_point USD
       then     now   share    pt
all 150,000 194,400 +44,400 +13.0

driver         product   amount
upsell         platform +30,000
price_increase platform +14,400

effective                movement   amount event recorded
2025-09-02T14:00:00.000Z expansion +30,000 e-07  2025-09-02T14:00:00.000Z
2026-01-06T09:05:00.000Z expansion +14,400 e-11  2026-01-06T09:05:00.000Z
`);
});

it('gives an explanation to machines with every field of its contract', async () => {
  const asked = [...ASKED, '--customer', 'c-harbor', '--by', 'segment', '--json'];
  expect(JSON.parse(await shown('explain', ...asked))).toEqual({
    as_of: '2026-06-30T23:59:59.999Z',
    window: 'P12M',
    definition: 'point_to_point',
    currency: 'USD',
    rows: [
      {
        customer_id: 'c-harbor',
        name: 'Harbor Foods',
        member: 'enterprise',
        opening_arr_minor: 9_600_000,
        expansion_arr_minor: 0,
        contraction_arr_minor: 1_200_000,
        churned_arr_minor: 0,
        closing_arr_minor: 8_400_000,
        drivers: [{ driver: 'downgrade', product_id: 'platform', amount_minor: -1_200_000 }],
        events: [
          {
            event_id: 'e-06',
            effective_at: '2026-05-05T11:20:00.000Z',
            recorded_at: '2025-05-05T11:20:00.000Z',
            movement: 'contraction',
            amount_minor: -1_200_000,
          },
        ],
      },
    ],
  });
});
