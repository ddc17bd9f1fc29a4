/**
 * Why a record can't be taken. The list is closed: it is the label of a counter, a header of the
 * dead-letter topic and the second column of `holdfast check`.
 */

export const REJECTION_REASONS = [
  'malformed',
  'bad_id',
  'key_mismatch',
  'bad_number',
  'bad_instant',
  'bad_schedule',
  'unknown_symbol',
  'unknown_currency',
  'no_rate',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** A record that is dead-lettered: its reason, and a sentence that names field, value and remedy. */
export interface Rejection {
  readonly rejected: RejectionReason;
  readonly message: string;
}

export const reject = (rejected: RejectionReason, message: string): Rejection => ({
  rejected,
  message,
});

export const isRejection = (value: object): value is Rejection => 'rejected' in value;
