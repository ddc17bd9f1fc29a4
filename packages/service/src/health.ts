/**
 * `/healthz`: the process answers. `/readyz`: it can do its work, or why it can't (yet); not being
 * ready is no reason to start it anew.
 */

import { problem, textAnswer } from './answer.ts';
import type { Routes } from './http.ts';

export interface Readiness {
  readonly ready: boolean;
  /** What it does, or what it waits for. */
  readonly why: string;
}

export const healthRoutes = (readiness: () => Readiness | Promise<Readiness>): Routes => ({
  '/healthz': () => textAnswer('alive'),
  '/readyz': async () => {
    const { ready, why } = await readiness();
    return ready ? textAnswer(`ready: ${why}`) : problem(503, 'Not ready', why);
  },
});
