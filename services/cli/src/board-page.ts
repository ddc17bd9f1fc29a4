/** A board report as a page that prints, as Markdown or as CSV. Whatever a name holds stays text. */

import { type Board, type Section, WATERFALL } from './board.ts';
import { waterfallSvg } from './board-waterfall.ts';
import { plainText } from './table.ts';

export const FORMATS = ['html', 'md', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

const html = (text: string): string =>
  plainText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const STYLE = `@page{size:A4;margin:15mm}body{font:10pt/1.4 sans-serif;color:#111827;max-width:180mm;margin:auto}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #9aa4af;padding:2px 6px;text-align:right;overflow-wrap:anywhere}
td:first-child,th:first-child{text-align:left}section{break-inside:avoid}tr{break-inside:avoid}svg{width:100%}`;

const htmlTable = ({ title, head, rows }: Section, picture = ''): string =>
  `<section><h2>${html(title)}</h2>${picture}<table><thead><tr>${head
    .map((cell) => `<th scope="col">${html(cell)}</th>`)
    .join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${html(cell)}</td>`).join('')}</tr>`)
    .join('')}</tbody></table></section>\n`;

const markdown = (text: string): string =>
  html(text).replace(/[\\`*_[\]|~#]/g, (letter) => `\\${letter}`);

const markdownTable = ({ title, head, rows }: Section): string => {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdown).join(' | ')} |\n`;
  const rule = `|${head.map(() => ' --- |').join('')}\n`;
  return `\n## ${markdown(title)}\n${line(head)}${rule}${rows.map(line).join('')}`;
};

/** A text that a spreadsheet would take for a formula is kept one. */
const csv = (text: string): string => {
  const plain = plainText(text);
  const safe = /^[=@\t]|^[+-](?![\d.,]+%?$)./.test(plain) ? `'${plain}` : plain;
  return `"${safe.replaceAll('"', '""')}"`;
};

const csvRows = ({ title, rows }: Section): string =>
  rows.map((row) => `${[title, ...row].map(csv).join(',')}\r\n`).join('');

export function boardText(board: Board, format: Format): string {
  const { title, sections } = board;
  switch (format) {
    case 'html': {
      const picture = waterfallSvg(board.parts, board.money);
      const body = sections.map((section) =>
        htmlTable(section, section.title === WATERFALL ? picture : ''),
      );
      return (
        `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${html(title)}</title>` +
        `<style>${STYLE}</style></head><body><h1>${html(title)}</h1>\n${body.join('')}</body></html>\n`
      );
    }
    case 'md':
      return `# ${markdown(title)}\n${sections.map(markdownTable).join('')}`;
    case 'csv':
      return sections.map(csvRows).join('');
  }
}
