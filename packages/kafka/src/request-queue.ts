/**
 * Repairs one method of kafkajs 2.2.4, the last release: its request queue plans "a check of
 * pending requests" after every check, pending or not, with a delay counted from 1970. So every
 * open connection wakes up each millisecond for nothing, and Node 24 and later print a
 * TimeoutNegativeWarning (tulios/kafkajs issues 1704 and 1751). Here a check is planned only while
 * a request waits. Nothing else of kafkajs is touched and no warning is hidden.
 */

import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  scheduleCheckPendingRequests(): void;
  /** Sends what may be sent, then plans the next check. */
  checkPendingRequests(): void;
}

/** kafkajs's own delay; a queue that the broker throttles is looked at as often. */
const CHECK_AFTER_MS = 10;

const load = createRequire(import.meta.url);

function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null;
    this.checkPendingRequests();
  }, CHECK_AFTER_MS);
}

/** Does nothing the second time. */
export const repairRequestQueue = (): void => {
  const queue = load('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  queue.prototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
};
