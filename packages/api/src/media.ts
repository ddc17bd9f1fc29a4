/** Which form of an answer a caller wants, by its Accept header. */

import { Refusal } from './problem.ts';

export const MEDIA = {
  json: 'application/json',
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
} as const;
export type Media = keyof typeof MEDIA;

/** The first of the caller's that there is; without a header JSON. */
export function mediaOf(accept: string | undefined, offered: readonly Media[]): Media {
  const wanted = (accept ?? '*/*')
    .split(',')
    .map((part) => part.split(';').map((text) => text.trim().toLowerCase()))
    .filter(([, ...parameters]) => !parameters.some((text) => /^q=0(\.0*)?$/.test(text)))
    .map(([type]) => type);
  for (const type of wanted) {
    if (type === '*/*' || type === 'application/*') return 'json';
    const found = offered.find((media) => MEDIA[media] === type);
    if (found !== undefined) return found;
  }
  throw new Refusal(406, `there is ${offered.map((media) => MEDIA[media]).join(', ')}`);
}
