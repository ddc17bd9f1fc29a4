/**
 * Repairs two things of kafkajs 2.2.4, the last release, and touches nothing else of it.
 *
 * Its request queue plans "a check of pending requests" after every check, pending or not, with a
 * delay counted from 1970. So every open connection wakes up each millisecond for nothing, and Node
 * 24 and later print a TimeoutNegativeWarning (tulios/kafkajs issues 1704 and 1751). Here a check is
 * planned only while a request waits; no warning is hidden.
 *
 * Its connection opens a socket for each request that finds it closed. Where two come at once, a
 * heartbeat and a commit of offsets after a cut, it forgets all but the last, and nobody ever ends
 * those. Here they wait for the same one.
 */

import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  scheduleCheckPendingRequests(): void;
  /** Sends what may be sent, then plans the next check. */
  checkPendingRequests(): void;
}

interface Connection {
  connect(): Promise<boolean>;
  disconnect(): Promise<boolean>;
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

const repairConnection = (prototype: Connection): void => {
  const { connect, disconnect } = prototype;
  const underWay = new WeakMap<Connection, Promise<boolean>>();
  prototype.connect = function connectOnce(this: Connection): Promise<boolean> {
    const known = underWay.get(this);
    if (known !== undefined) return known;
    const forget = (): void => {
      if (underWay.get(this) === attempt) underWay.delete(this);
    };
    const attempt = connect.call(this).finally(forget);
    underWay.set(this, attempt);
    return attempt;
  };
  prototype.disconnect = function disconnectAnyhow(this: Connection): Promise<boolean> {
    // An attempt that is broken off may never settle.
    underWay.delete(this);
    return disconnect.call(this);
  };
};

let repaired = false;

/** Does nothing the second time. */
export const repairKafkajs = (): void => {
  if (repaired) return;
  repaired = true;
  const queue = load('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  queue.prototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
  const connection = load('kafkajs/src/network/connection') as { prototype: Connection };
  repairConnection(connection.prototype);
};
