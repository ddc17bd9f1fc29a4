/**
 * Every error that Holdfast raises on purpose: one closed list, from which docs/ERRORS.md is made.
 * An operator reads the message, a program the code; whether trying again can help stands here
 * and nowhere else.
 */

interface ErrorKind {
  /** What happened, in words; details follow after a colon. */
  readonly summary: string;
  /** Whether the same call may succeed later with nothing changed. */
  readonly retry: boolean;
  /** What the operator does. */
  readonly action: string;
}

export const ERRORS = {
  config_invalid: {
    summary: 'the configuration is wrong',
    retry: false,
    action: 'Correct every line named and start again.',
  },
  usage: {
    summary: 'the call is wrong',
    retry: false,
    action: 'See --help of the command.',
  },
  bad_file: {
    summary: 'a file cannot be read',
    retry: false,
    action: 'Check the path and the permissions.',
  },
  arr_overflow: {
    summary: 'a sum of ARR is beyond safe integers',
    retry: false,
    action:
      'Look for a wrong amount in what is named; or choose a reporting currency of larger units.',
  },
  policy_changed: {
    summary:
      'the policy, or the version of the fold, is not the one this projection was built with',
    retry: false,
    action:
      'Put the old policy or version back, or rebuild into a new generation (replayer rebuild).',
  },
  format_newer: {
    summary: 'the stored state was written by a newer version',
    retry: false,
    action: 'Run the newer version, or rebuild into a new generation.',
  },
  incarnation_mismatch: {
    summary: 'the input topic is not the one this projection was built from',
    retry: false,
    action: 'Point to the right cluster, or rebuild into a new generation from the new topic.',
  },
  offset_out_of_range: {
    summary: 'the next offset is not in the input log any more',
    retry: false,
    action: 'The log was truncated: restore it, or rebuild into a new generation.',
  },
  output_truncated: {
    summary: 'the output log has lost records',
    retry: false,
    action: 'Restore the topic; its records are kept for ever. Or rebuild into a new generation.',
  },
  refold_mismatch: {
    summary: 'folding again does not give the deltas that were published',
    retry: false,
    action: 'Do not delete anything; rebuild into a new generation and promote it.',
  },
  store_corrupt: {
    summary: 'the projection store holds something unreadable',
    retry: false,
    action: 'Restore Redis from a good copy, or rebuild into a new generation.',
  },
  clock_ahead: {
    summary: "this machine's clock is ahead of the store's",
    retry: true,
    action: 'Synchronise the clocks (NTP) of the processor and of Redis.',
  },
  generation_not_live: {
    summary: 'another generation is live',
    retry: true,
    action: 'Nothing: it stands by until it is promoted. Stop it if it never will be.',
  },
  generation_live: {
    summary: 'this generation is live',
    retry: false,
    action: 'Name another one (--generation), and its policy (--policy).',
  },
  fenced: {
    summary: 'another processor owns the partition now',
    retry: false,
    action: 'Nothing: the other owner goes on.',
  },
  publish_fenced: {
    summary: "another processor's producer took over the partition",
    retry: false,
    action: 'Nothing: the other owner goes on.',
  },
  publish_in_doubt: {
    summary: 'it is not known whether a send reached the output log',
    retry: true,
    action: 'Nothing: the log is read back and publishing goes on from what is there.',
  },
  input_unavailable: {
    summary: 'the input log cannot be reached',
    retry: true,
    action: 'Check the brokers and the network; nothing is lost meanwhile.',
  },
  log_unreadable: {
    summary: 'a batch of a log cannot be read',
    retry: false,
    action: 'Look at what wrote the batch named: an unknown compression, or the topic is damaged.',
  },
  output_unavailable: {
    summary: 'the output log cannot be reached or refuses writes',
    retry: true,
    action: 'Check the brokers and write rights on the output topics; nothing is lost meanwhile.',
  },
  output_unreadable: {
    summary: 'a record of an output topic cannot be read',
    retry: false,
    action: 'See what else writes to the topic; if a newer version did, run that version.',
  },
  ledger_gap: {
    summary: 'a delta is missing in the log that the ledger reads',
    retry: false,
    action:
      'See whether the topic was truncated or another one; remove the ledger file to read it anew.',
  },
  store_unavailable: {
    summary: 'the projection store cannot be reached',
    retry: true,
    action: 'Check Redis; nothing is lost meanwhile.',
  },
  store_refused: {
    summary: 'the projection store refused a command',
    retry: false,
    action: 'Read the message: memory limit, rights of the user, or a wrong server.',
  },
  registry_unavailable: {
    summary: 'the schema registry cannot be reached',
    retry: true,
    action: 'Check the registry; nothing is lost meanwhile.',
  },
  schema_refused: {
    summary: 'the schema registry refuses a schema',
    retry: false,
    action:
      'Compare it with the versions registered under the subject and its compatibility level.',
  },
  topic_missing: {
    summary: 'a topic is missing or has the wrong settings',
    retry: false,
    action: 'Create or alter the topic as docs/OPERATIONS.md says.',
  },
  listen_failed: {
    summary: 'the HTTP address cannot be served on',
    retry: false,
    action: 'Free the port or choose another one (HOLDFAST_HTTP_HOST, HOLDFAST_HTTP_PORT).',
  },
  service_missing: {
    summary: 'a program that this needs is not on the machine',
    retry: false,
    action: 'Install what the message names.',
  },
  service_failed: {
    summary: 'a server started on this machine did not come up or did not end',
    retry: true,
    action: 'Read the end of its log in the message.',
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** An error from the closed list. */
export class HoldfastError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string, options?: { readonly cause?: unknown }) {
    super(`${ERRORS[code].summary}: ${detail}`, options);
    this.name = 'HoldfastError';
    this.code = code;
  }

  get retry(): boolean {
    return ERRORS[this.code].retry;
  }
}

export const isHoldfastError = (error: unknown, code?: ErrorCode): error is HoldfastError =>
  error instanceof HoldfastError && (code === undefined || error.code === code);
