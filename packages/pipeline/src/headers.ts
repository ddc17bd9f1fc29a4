/**
 * Headers of output records. With a delta's sequence and the boundaries of its commit a claim can
 * tell from the log alone what was published and where folding goes on.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { Boundary, Headers, OutputRecord, PublishedRecord } from './ports.ts';

export const HEADERS = {
  generation: 'holdfast-generation',
  sequence: 'holdfast-sequence',
  fromOffset: 'holdfast-from-offset',
  fromAsOf: 'holdfast-from-as-of',
  nextOffset: 'holdfast-next-offset',
  asOf: 'holdfast-as-of',
  /** The name of the restatement, on its deltas only. */
  restatement: 'holdfast-restatement',
} as const;

export const DEAD_LETTER_HEADERS = {
  topic: 'holdfast-topic',
  partition: 'holdfast-partition',
  offset: 'holdfast-offset',
  reason: 'holdfast-reason',
  message: 'holdfast-message',
} as const;

/** The headers that all deltas of one commit share. */
export function commitHeaders(
  generation: string,
  from: Boundary,
  to: Boundary,
  restatement: string | null = null,
): Headers {
  return {
    ...(restatement === null ? {} : { [HEADERS.restatement]: restatement }),
    [HEADERS.generation]: generation,
    [HEADERS.fromOffset]: String(from.nextOffset),
    [HEADERS.fromAsOf]: String(from.asOf),
    [HEADERS.nextOffset]: String(to.nextOffset),
    [HEADERS.asOf]: String(to.asOf),
  };
}

/** All headers of a record, as they stand in the log. */
export const headersOf = ({ headers, sequence }: OutputRecord): Headers =>
  sequence === undefined ? headers : { ...headers, [HEADERS.sequence]: String(sequence) };

/** A record whose headers are all in one place. */
type Read = Pick<PublishedRecord, 'headers'>;

/** A number from a header; undefined when it is missing or no whole number. */
export function numberHeader({ headers }: Read, name: string): number | undefined {
  const text = headers[name];
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}

/** A boundary from two headers of a delta. Throws `output_unreadable`. */
export const boundaryOf = (record: PublishedRecord, offset: string, asOf: string): Boundary => {
  const of = (name: string): number => {
    const value = numberHeader(record, name);
    if (value === undefined) throw unreadable(record, name);
    return value;
  };
  return { nextOffset: of(offset), asOf: of(asOf) };
};

export const unreadable = ({ offset }: PublishedRecord, name: string): HoldfastError =>
  new HoldfastError('output_unreadable', `no header ${name} at offset ${offset}`);

/** The sequence of a delta; undefined for a record that is none of ours. */
export const sequenceOf = (record: Read): number | undefined =>
  numberHeader(record, HEADERS.sequence);
