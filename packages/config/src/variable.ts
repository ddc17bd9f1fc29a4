/**
 * One environment variable: a zod schema that reads its text, and what documentation and messages
 * say of it. A section of the configuration is a zod object of such variables.
 */

import { z } from 'zod';

export interface VariableInfo {
  readonly name: string;
  /** What it is for; a sentence for docs/CONFIG.md. */
  readonly about: string;
  /** What a value looks like; follows "want" in messages. */
  readonly wanted: string;
  /** The text that holds when the variable is not set; without it the variable has no value then. */
  readonly fallback?: string;
  readonly required?: boolean;
  /** Its value is never printed. */
  readonly secret?: boolean;
  /** Variables that must be set when this one is. */
  readonly needs?: readonly string[];
}

/** What is known of each variable's schema. */
export const variables = z.registry<VariableInfo>();

/** How a kind of value is read, and the words for it. */
export interface Kind<T> {
  readonly schema: z.ZodType<T, string>;
  readonly wanted: string;
}

type Facts = Omit<VariableInfo, 'name' | 'wanted' | 'fallback' | 'required'>;

const infoOf = <T>(name: string, kind: Kind<T>, facts: Facts): VariableInfo => ({
  name,
  wanted: kind.wanted,
  ...facts,
});

/** A variable that must be set. */
export const required = <T>(name: string, kind: Kind<T>, facts: Facts): z.ZodType<T, string> =>
  kind.schema.clone().register(variables, { ...infoOf(name, kind, facts), required: true });

/** A variable that has the value of `fallback` when it is not set. */
export const withFallback = <T>(
  name: string,
  kind: Kind<T>,
  fallback: string,
  facts: Facts,
): z.ZodType<T, string | undefined> =>
  z.prefault(kind.schema, fallback).register(variables, { ...infoOf(name, kind, facts), fallback });

/** A variable that may be left out. */
export const optional = <T>(
  name: string,
  kind: Kind<T>,
  facts: Facts,
): z.ZodType<T | undefined, string | undefined> =>
  kind.schema.optional().register(variables, infoOf(name, kind, facts));
