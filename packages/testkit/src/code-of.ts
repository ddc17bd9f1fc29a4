import { isHoldfastError } from '@holdfast/domain/errors.ts';

/** The code of the error that the call ends with, `none` where it succeeds. Throws any other error. */
export const codeOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
  } catch (error) {
    if (isHoldfastError(error)) return error.code;
    throw error;
  }
  return 'none';
};
