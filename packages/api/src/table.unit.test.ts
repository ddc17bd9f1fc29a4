import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mediaOf } from './media.ts';
import { columnsOf, csvOf } from './table.ts';

const row = z.object({
  name: z.string().nullable(),
  amount: z.int(),
  ratio: z.number().nullable().describe('x'),
  parts: z.array(z.int()),
});

describe('a table', () => {
  it('has columns of the kinds that the schema says', () => {
    expect(columnsOf(row)).toEqual([
      { name: 'name', kind: 'text' },
      { name: 'amount', kind: 'integer' },
      { name: 'ratio', kind: 'number' },
      { name: 'parts', kind: 'text' },
    ]);
  });

  it('is CSV in which nothing breaks out of its cell and no spreadsheet runs a text', () => {
    const rows = [
      { name: 'a "b", c\r\nd', amount: -5, ratio: null, parts: [1, 2] },
      { name: '=cmd()', amount: 0, ratio: 1.5, parts: [] },
      { name: '-1+1', amount: 1, ratio: 0, parts: [] },
      { name: null, amount: 2, ratio: 1, parts: [] },
    ];
    expect(csvOf(columnsOf(row), rows)).toBe(
      [
        'name,amount,ratio,parts',
        '"a ""b"", c\r\nd",-5,,"[1,2]"',
        "'=cmd(),0,1.5,[]",
        "'-1+1,1,0,[]",
        ',2,1,[]',
        '',
      ].join('\r\n'),
    );
  });
});

describe('the form of an answer', () => {
  it.each([
    [undefined, 'json'],
    ['*/*', 'json'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'json'],
    ['text/csv', 'csv'],
    ['application/vnd.apache.parquet, text/csv', 'parquet'],
    ['application/json;q=0, text/csv', 'csv'],
    ['TEXT/CSV; charset=utf-8', 'csv'],
  ] as const)('for %s is %s', (accept, media) => {
    expect(mediaOf(accept, ['json', 'csv', 'parquet'])).toBe(media);
  });

  it('is refused where there is none', () => {
    expect(() => mediaOf('text/csv', ['json'])).toThrow('there is application/json');
  });
});
