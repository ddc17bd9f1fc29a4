/**
 * Why a value can't be read, raised inside the codecs and turned into a `Rejection` at their edge.
 * Never leaves this package.
 */

import type { RejectionReason } from '@holdfast/domain/rejection.ts';

export class Unreadable extends Error {
  readonly reason: RejectionReason;

  constructor(reason: RejectionReason, message: string) {
    super(message);
    this.name = 'Unreadable';
    this.reason = reason;
  }
}
