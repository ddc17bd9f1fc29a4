/** How many streams a property of the machine draws: the one place that reads HOLDFAST_STREAMS. */

const { HOLDFAST_STREAMS: asked } = process.env;

/** What a normal run draws; `pnpm test:deep` asks for more. */
const NORMAL = 300;

export const STREAMS = asked === undefined ? NORMAL : Number(asked);

/** What a replay must set to come to the same stream again; empty in a normal run. */
export const STREAMS_SET = asked === undefined ? '' : `HOLDFAST_STREAMS=${asked} `;

/** A test's limit, ms: so that one that hangs ends, far above what a busy machine takes. */
export const LIMIT_MS = 120_000 + 200 * STREAMS;
