/** An administrative connection for the length of one task. */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { Admin, Kafka } from 'kafkajs';
import { messageOf } from './faults.ts';

/** What goes wrong with the cluster is thrown as `input_unavailable`. */
export const withAdmin = async <T>(
  kafka: Kafka,
  task: (admin: Admin) => Promise<T>,
): Promise<T> => {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await task(admin);
  } catch (error) {
    if (error instanceof HoldfastError) throw error;
    throw new HoldfastError('input_unavailable', messageOf(error), { cause: error });
  } finally {
    await admin.disconnect();
  }
};
