/**
 * Gives a user a password for logins by SCRAM (AlterUserScramCredentials, version 0): what
 * `kafka-configs.sh --alter --entity-type users` does, which kafkajs can't.
 */

import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { BrokerRefusal } from '../src/faults.ts';
import { type Call, int16, int32, messageWriter } from '../src/message.ts';

const SCRAM = {
  'scram-sha-256': { code: 1, digest: 'sha256', size: 32 },
  'scram-sha-512': { code: 2, digest: 'sha512', size: 64 },
} as const;

export type ScramMechanism = keyof typeof SCRAM;

/** The least that Kafka takes. */
const ITERATIONS = 4_096;
const NO_TAGS = 0;

/** With the length and one more before it, as later protocols have it; below 127 bytes. */
const compact = (value: Buffer): readonly number[] => [value.length + 1, ...value];

export const scramUserCall = (
  user: string,
  password: string,
  mechanism: ScramMechanism,
): Call<void> => {
  const { code, digest, size } = SCRAM[mechanism];
  const salt = randomBytes(size);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, size, digest);
  return {
    name: 'AlterUserScramCredentials',
    apiKey: 51,
    apiVersion: 0,
    body: Buffer.concat([
      // Tags end the header of such requests; then nobody is deleted and one is set.
      Buffer.from([NO_TAGS, 1, 2, ...compact(Buffer.from(user))]),
      messageWriter().int8(code).int32(ITERATIONS).end(),
      Buffer.from([...compact(salt), ...compact(salted), NO_TAGS, NO_TAGS]),
    ]),
    throttle: 'first',
    decode: (answer) => {
      // The header's tags, the throttle time, the count and the user's name come first.
      answer.at = 1;
      int32(answer);
      answer.at += 1 + 1 + user.length;
      const refused = int16(answer);
      if (refused !== 0) throw new BrokerRefusal('AlterUserScramCredentials', refused);
    },
  };
};
