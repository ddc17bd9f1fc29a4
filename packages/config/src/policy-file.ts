/**
 * `HOLDFAST_POLICY_FILE`: the variable whose value is a path and whose meaning is the policy in
 * that file, checked whole; the defaults where it is not set.
 */

import { DEFAULT_POLICY, type Policy } from '@holdfast/domain/policy.ts';
import { z } from 'zod';
import type { ReadText } from './kinds.ts';
import { readPolicyFile } from './policy.ts';
import { variables } from './variable.ts';

export const policyFile = (readText: ReadText): z.ZodType<Policy, string | undefined> =>
  z
    .string()
    .transform((path, context): Policy => {
      const read = readPolicyFile(path, readText);
      if (!('mistakes' in read)) return read;
      const lines = read.mistakes;
      context.issues.push({ code: 'custom', input: path, params: { lines } });
      return z.NEVER;
    })
    .default(DEFAULT_POLICY)
    .register(variables, {
      name: 'HOLDFAST_POLICY_FILE',
      about: 'The policy, see below; without it the defaults named there hold.',
      wanted: 'the path of a policy file ending in .json, .yaml or .yml',
    });
