/** What a call works on: the settings of the services, with what the call's flags put over them. */

import { readFileSync } from 'node:fs';
import type { Flags, Given } from '@holdfast/command/flags.ts';
import type { Env } from '@holdfast/config/read.ts';
import { type ReplayerConfig, readReplayerConfig } from '@holdfast/config/services.ts';

/** Flags that every command knows. */
export const GENERATION_FLAGS = {
  generation: { value: 'NAME', about: 'generation to work on; else HOLDFAST_GENERATION' },
  policy: { value: 'FILE', about: 'policy of that generation; else HOLDFAST_POLICY_FILE' },
} as const satisfies Flags;

export const JSON_FLAG = {
  json: { about: 'print JSON for machines' },
} as const satisfies Flags;

/** Throws `config_invalid`. */
export const settingsOf = (given: Given, env: Env): ReplayerConfig =>
  readReplayerConfig(
    {
      ...env,
      ...over('HOLDFAST_GENERATION', given.text('generation')),
      ...over('HOLDFAST_POLICY_FILE', given.text('policy')),
    },
    (path) => readFileSync(path, 'utf8'),
  );

const over = (name: string, value: string | undefined): Env =>
  value === undefined ? {} : { [name]: value };
