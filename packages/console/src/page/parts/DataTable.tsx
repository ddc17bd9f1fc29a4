/** A table of figures: a heading to each column and row, numbers to the right. */

import type { ComponentChildren } from 'preact';

export interface TableData {
  readonly head: readonly string[];
  /** The first cell of each row names it. */
  readonly rows: readonly (readonly ComponentChildren[])[];
  /** Columns of words; the others are figures. */
  readonly words?: readonly string[];
}

interface DataTableProps extends TableData {
  /** For those who do not see what stands above it. */
  readonly caption: string;
  /** It holds no links: keys must reach it to scroll it. */
  readonly reachable?: boolean;
}

const REACHABLE = { tabIndex: 0, role: 'region' } as const;

export function DataTable({ caption, head, rows, words = [], reachable }: DataTableProps) {
  const kind = (column: string | undefined): string =>
    words.includes(column ?? '') ? 'words' : '';
  return (
    <div class="table-frame" {...(reachable ? { ...REACHABLE, 'aria-label': caption } : {})}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col" class={kind(name)}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells], row) => (
            <tr key={row}>
              <th scope="row">{name}</th>
              {cells.map((cell, column) => (
                <td
                  key={head[column + 1]}
                  class={kind(head[column + 1])}
                  data-name={head[column + 1]}
                >
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
