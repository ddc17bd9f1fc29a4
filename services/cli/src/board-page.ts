/** A board report as a page that prints, as Markdown or as CSV. Whatever a name holds stays text. */

import type { Board, Parts, Section } from './board.ts';
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

const BAR = 70;
const HEIGHT = 160;

/** Opening, losses first, then gains, closing; from zero. Losses hatched or orange, gains blue. */
const waterfall = (parts: Parts): string => {
  const { opening, churned, contraction, expansion, closing } = parts;
  const top = Math.max(opening, closing, 1);
  const kept = opening - churned - contraction;
  const bars: readonly (readonly [string, number, number, string])[] = [
    ['Opening', 0, opening, '#5B6570'],
    ['Churn', opening - churned, opening, '#B34A00'],
    ['Contraction', kept, opening - churned, 'url(#hatch)'],
    ['Expansion', kept, kept + expansion, '#0072B2'],
    ['Closing', 0, closing, '#5B6570'],
  ];
  const y = (amount: number): number => Math.round(HEIGHT - (amount / top) * HEIGHT);
  const share = (amount: number): string =>
    opening === 0 ? '-' : `${((amount / opening) * 100).toFixed(1)}%`;
  const drawn = bars.map(([name, low, high, fill], at) => {
    const x = at * (BAR + 20) + 5;
    const sign = name === 'Churn' || name === 'Contraction' ? '-' : name === 'Expansion' ? '+' : '';
    const label = `${sign}${share(high - low)}`;
    return (
      `<rect x="${x}" y="${y(high) + 20}" width="${BAR}" height="${y(low) - y(high)}" fill="${fill}"/>` +
      `<text x="${x}" y="${y(high) + 15}" font-size="11">${label}</text>` +
      `<text x="${x}" y="${HEIGHT + 35}" font-size="11">${name}</text>`
    );
  });
  return (
    `<svg role="img" viewBox="0 0 450 ${HEIGHT + 45}" aria-label="From opening to closing ARR">` +
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">' +
    '<path d="M0 6L6 0" stroke="#B34A00" stroke-width="2"/></pattern></defs>' +
    `${drawn.join('')}</svg>`
  );
};

const htmlTable = ({ title, head, rows }: Section): string =>
  `<section><h2>${html(title)}</h2><table><thead><tr>${head
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
  const { title, parts, sections } = board;
  switch (format) {
    case 'html': {
      const body = sections.map(htmlTable);
      return (
        `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${html(title)}</title>` +
        `<style>${STYLE}</style></head><body><h1>${html(title)}</h1>\n${body[0]}` +
        `<section><h2>From opening to closing</h2>${waterfall(parts)}</section>\n` +
        `${body.slice(1).join('')}</body></html>\n`
      );
    }
    case 'md':
      return `# ${markdown(title)}\n${sections.map(markdownTable).join('')}`;
    case 'csv':
      return sections.map(csvRows).join('');
  }
}
