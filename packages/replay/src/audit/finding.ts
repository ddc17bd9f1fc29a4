/** What an audit found first: which promise is broken, and where. */

export const PROMISES = {
  sequence: 'sequences of a partition have no gap and no repetition',
  boundary: 'each commit goes on where an earlier one ended',
  delta: 'deltas can be read and add up: nothing is retracted that is not in force',
  generation: 'a generation begins with the restatement of what was in force',
  ledger: 'what is asserted and not retracted is what folding from scratch says',
  dead_letter: 'a record is dead once, whole, and for a reason',
  missing: 'every record is in the state or in the dead letters',
  published: 'everything committed is published',
  projection: 'a stored customer is what folding from scratch says',
  aggregate: 'aggregates are the sums over all customers',
  due: 'no due entry is late',
  counter: 'every record is counted once',
} as const;

export type PromiseName = keyof typeof PROMISES;

export interface Finding {
  readonly promise: PromiseName;
  readonly partition: number;
  readonly message: string;
  /** Of the input record concerned. */
  readonly offset?: number | undefined;
  readonly customerId?: string | undefined;
}

/** Ends an audit at the first difference. */
export class BrokenPromise extends Error {
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(describeFinding(finding));
    this.name = 'BrokenPromise';
    this.finding = finding;
  }
}

export type Where = Pick<Finding, 'offset' | 'customerId'>;

/** Ends the audit unless the condition holds. */
export type Prove = (
  holds: boolean,
  promise: PromiseName,
  message: () => string,
  where?: Where,
) => asserts holds;

export const proverOf =
  (partition: number): Prove =>
  (holds, promise, message, where = {}) => {
    if (!holds) throw new BrokenPromise({ promise, partition, message: message(), ...where });
  };

export const describeFinding = (finding: Finding): string => {
  const { partition, promise, message, offset, customerId } = finding;
  const where = [
    `partition ${partition}`,
    ...(offset === undefined ? [] : [`offset ${offset}`]),
    ...(customerId === undefined ? [] : [`customer "${customerId}"`]),
  ];
  return `${where.join(', ')}: ${message} (promise broken: ${PROMISES[promise]})`;
};
