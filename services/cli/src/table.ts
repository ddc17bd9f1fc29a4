/** Lines of cells in columns. Cells are text from anywhere, so that nothing in them may steer a terminal. */

export type Row = readonly string[];

/** How each column ends up: `l` cells begin together, `r` cells end together. */
export function table(align: string, rows: readonly Row[]): string {
  const printable = rows.map((row) => row.map(plainText));
  const widths = [...align].map((_, column) =>
    Math.max(...printable.map((row) => (row[column] ?? '').length)),
  );
  const padded = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    return align[column] === 'l' ? cell.padEnd(width) : cell.padStart(width);
  };
  return printable.map((row) => `${row.map(padded).join(' ').trimEnd()}\n`).join('');
}

/** On one line, without control characters. */
export const plainText = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');

const LONGEST_NAME = 32;

/** A name or member, cut where it is too long for a column. Ids are never cut. */
export const cut = (name: string): string =>
  name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 3)}...`;
