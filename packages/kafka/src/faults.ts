/**
 * What a failed call to Kafka means for the caller: whether to look for the leader again, to wait,
 * or to give up, and whether the call may have taken effect. Decides nothing itself.
 * Codes: https://kafka.apache.org/protocol#protocol_error_codes
 */

/** A broker answered that it did not do what was asked. */
export class BrokerRefusal extends Error {
  readonly code: number;

  constructor(request: string, code: number) {
    super(`${request} was refused: ${NAMES[code] ?? 'error'} (${code})`);
    this.name = 'BrokerRefusal';
    this.code = code;
  }
}

/**
 * - `moved`: another broker must be asked, or the same one again: leader, coordinator or address.
 * - `busy`: the same broker takes it a little later.
 * - `unanswered`: no answer came; it may have taken effect.
 * - `unsure`: answered, but it may have taken effect all the same.
 * - `fenced`: a later producer with this transactional id exists.
 * - `forgotten`: the broker knows no such producer, or not at this point: only a new one goes on.
 * - `denied`: rights or credentials are missing.
 * - `range`: the offset is not in the log.
 * - `missing`: there is no such topic or partition, or not yet.
 * - `refused`: anything else; trying again gives the same.
 */
export type Fault =
  | 'moved'
  | 'busy'
  | 'unanswered'
  | 'unsure'
  | 'fenced'
  | 'forgotten'
  | 'denied'
  | 'range'
  | 'missing'
  | 'refused';

const NAMES: Readonly<Record<number, string>> = {
  1: 'OFFSET_OUT_OF_RANGE',
  2: 'CORRUPT_MESSAGE',
  3: 'UNKNOWN_TOPIC_OR_PARTITION',
  5: 'LEADER_NOT_AVAILABLE',
  6: 'NOT_LEADER_OR_FOLLOWER',
  7: 'REQUEST_TIMED_OUT',
  8: 'BROKER_NOT_AVAILABLE',
  9: 'REPLICA_NOT_AVAILABLE',
  10: 'MESSAGE_TOO_LARGE',
  13: 'NETWORK_EXCEPTION',
  14: 'COORDINATOR_LOAD_IN_PROGRESS',
  15: 'COORDINATOR_NOT_AVAILABLE',
  16: 'NOT_COORDINATOR',
  17: 'INVALID_TOPIC_EXCEPTION',
  18: 'RECORD_LIST_TOO_LARGE',
  19: 'NOT_ENOUGH_REPLICAS',
  20: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  29: 'TOPIC_AUTHORIZATION_FAILED',
  30: 'GROUP_AUTHORIZATION_FAILED',
  31: 'CLUSTER_AUTHORIZATION_FAILED',
  32: 'INVALID_TIMESTAMP',
  33: 'UNSUPPORTED_SASL_MECHANISM',
  34: 'ILLEGAL_SASL_STATE',
  35: 'UNSUPPORTED_VERSION',
  44: 'POLICY_VIOLATION',
  45: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
  46: 'DUPLICATE_SEQUENCE_NUMBER',
  47: 'INVALID_PRODUCER_EPOCH',
  48: 'INVALID_TXN_STATE',
  49: 'INVALID_PRODUCER_ID_MAPPING',
  50: 'INVALID_TRANSACTION_TIMEOUT',
  51: 'CONCURRENT_TRANSACTIONS',
  52: 'TRANSACTION_COORDINATOR_FENCED',
  53: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  56: 'KAFKA_STORAGE_ERROR',
  58: 'SASL_AUTHENTICATION_FAILED',
  59: 'UNKNOWN_PRODUCER_ID',
  74: 'FENCED_LEADER_EPOCH',
  75: 'UNKNOWN_LEADER_EPOCH',
  76: 'UNSUPPORTED_COMPRESSION_TYPE',
  78: 'OFFSET_NOT_AVAILABLE',
  87: 'INVALID_RECORD',
  89: 'THROTTLING_QUOTA_EXCEEDED',
  90: 'PRODUCER_FENCED',
};

const FAULT_OF_CODE: Readonly<Record<number, Fault>> = {
  1: 'range',
  2: 'busy',
  3: 'missing',
  5: 'moved',
  6: 'moved',
  7: 'unsure',
  8: 'moved',
  9: 'moved',
  13: 'unsure',
  14: 'busy',
  15: 'moved',
  16: 'moved',
  19: 'busy',
  20: 'unsure',
  29: 'denied',
  30: 'denied',
  31: 'denied',
  33: 'denied',
  45: 'forgotten',
  46: 'forgotten',
  47: 'fenced',
  48: 'forgotten',
  49: 'forgotten',
  51: 'busy',
  53: 'denied',
  56: 'moved',
  58: 'denied',
  59: 'forgotten',
  74: 'moved',
  75: 'moved',
  78: 'busy',
  89: 'busy',
  90: 'fenced',
};

/** kafkajs's own errors, by name; they are raised before or instead of an answer. */
const FAULT_OF_NAME: Readonly<Record<string, Fault>> = {
  KafkaJSConnectionError: 'unanswered',
  KafkaJSConnectionClosedError: 'unanswered',
  KafkaJSRequestTimeoutError: 'unanswered',
  KafkaJSBrokerNotFound: 'moved',
  KafkaJSGroupCoordinatorNotFound: 'moved',
  KafkaJSLockTimeout: 'moved',
  KafkaJSMetadataNotLoaded: 'moved',
  KafkaJSTopicMetadataNotLoaded: 'moved',
  KafkaJSNoBrokerAvailableError: 'moved',
  KafkaJSSASLAuthenticationError: 'denied',
};

export const faultOf = (error: unknown): Fault => {
  if (!(error instanceof Error)) return 'refused';
  const { code, cause } = error as Error & { readonly code?: unknown };
  if (error instanceof BrokerRefusal || error.name === 'KafkaJSProtocolError') {
    return (typeof code === 'number' && FAULT_OF_CODE[code]) || 'refused';
  }
  return FAULT_OF_NAME[error.name] ?? (cause === undefined ? 'refused' : faultOf(cause));
};

/** Faults that pass by themselves, once the right broker is found and up. */
export const passes = (error: unknown): boolean => {
  const fault = faultOf(error);
  return fault === 'moved' || fault === 'busy' || fault === 'unanswered' || fault === 'unsure';
};

/** The message of whatever was thrown, for an operator. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
