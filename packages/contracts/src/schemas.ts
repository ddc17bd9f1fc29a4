/**
 * The Avro files under `schemas/`: which records there are and which version of each this code
 * writes and reads. Never changes a schema; old versions stay on disk so that compatibility can
 * be checked against all of them.
 */

import { readFileSync } from 'node:fs';

/** Every record, by the name of its folder, with its newest version. */
export const NEWEST_VERSION = {
  'subscription-changed': 1,
  'customer-changed': 1,
  'arr-delta': 1,
  'customer-classified': 1,
  'retention-metric': 1,
  'partition-progress': 1,
} as const;

export type RecordName = keyof typeof NEWEST_VERSION;

/** The folder that holds one folder for each record. */
export const SCHEMA_FOLDER = new URL('../../../schemas/', import.meta.url);

/** The text of an Avro schema, as a registry takes it. */
export const schemaText = (record: RecordName, version: number = NEWEST_VERSION[record]): string =>
  readFileSync(new URL(`${record}/v${version}.avsc`, SCHEMA_FOLDER), 'utf8');

const words = (record: RecordName): string[] => record.split('-');

/** The record's full Avro name, such as `holdfast.SubscriptionChanged`. */
export const avroName = (record: RecordName): string =>
  `holdfast.${words(record)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`;

/** The `type` by which domain and JSON tell records apart, such as `subscription_changed`. */
export const typeTag = (record: RecordName): string => words(record).join('_');
