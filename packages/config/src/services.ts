/**
 * What each service is configured by. One of the `read...Config` is the first thing that a
 * service's main does; they connect to nothing.
 */

import { z } from 'zod';
import { kafkaSection, redisSection, registrySection, topicsSection } from './connections.ts';
import type { ReadText } from './kinds.ts';
import { type Env, readSettings, variablesOf } from './read.ts';
import {
  httpSection,
  identitySection,
  ledgerSection,
  limitsSection,
  plainRunSection,
  publishingSection,
  runSection,
  setupSection,
} from './sections.ts';

export const processorSchema = (readText: ReadText) =>
  z.object({
    kafka: kafkaSection(readText),
    topics: topicsSection,
    registry: registrySection,
    redis: redisSection(readText),
    identity: identitySection,
    http: httpSection(9465),
    limits: limitsSection,
    run: runSection(readText),
  });

export const exporterSchema = (readText: ReadText) =>
  z.object({
    kafka: kafkaSection(readText),
    topics: topicsSection,
    registry: registrySection,
    redis: redisSection(readText),
    identity: identitySection,
    http: httpSection(9464),
    publishing: publishingSection,
    run: runSection(readText),
  });

export const ledgerSchema = (readText: ReadText) =>
  z.object({
    kafka: kafkaSection(readText),
    topics: topicsSection,
    registry: registrySection,
    http: httpSection(9466),
    ledger: ledgerSection,
    run: runSection(readText),
  });

export const setupSchema = (readText: ReadText) =>
  z.object({
    kafka: kafkaSection(readText),
    topics: topicsSection,
    registry: registrySection,
    setup: setupSection,
    run: plainRunSection,
  });

export const simulatorSchema = (readText: ReadText) =>
  z.object({
    kafka: kafkaSection(readText),
    topics: topicsSection,
    registry: registrySection,
    run: plainRunSection,
  });

export const replayerSchema = (readText: ReadText) =>
  z.object({
    kafka: kafkaSection(readText),
    topics: topicsSection,
    registry: registrySection,
    redis: redisSection(readText),
    identity: identitySection,
    limits: limitsSection,
    run: runSection(readText),
  });

export type ProcessorConfig = z.output<ReturnType<typeof processorSchema>>;
export type ExporterConfig = z.output<ReturnType<typeof exporterSchema>>;
export type ReplayerConfig = z.output<ReturnType<typeof replayerSchema>>;
export type LedgerConfig = z.output<ReturnType<typeof ledgerSchema>>;
export type SetupConfig = z.output<ReturnType<typeof setupSchema>>;
export type SimulatorConfig = z.output<ReturnType<typeof simulatorSchema>>;

/** Every schema by the name of its service. */
export const serviceSchemas = (readText: ReadText) =>
  ({
    processor: processorSchema(readText),
    exporter: exporterSchema(readText),
    ledger: ledgerSchema(readText),
    replayer: replayerSchema(readText),
    setup: setupSchema(readText),
    simulator: simulatorSchema(readText),
  }) as const;

/** Names of all variables that some service reads. */
const known = (readText: ReadText): readonly string[] =>
  Object.values(serviceSchemas(readText)).flatMap((schema) =>
    variablesOf(schema).map(({ info }) => info.name),
  );

/** Throws `config_invalid` with a line for each mistake; reads the files that variables name. */
export const readProcessorConfig = (env: Env, readText: ReadText): ProcessorConfig =>
  readSettings(processorSchema(readText), env, known(readText));

/** Throws `config_invalid` with a line for each mistake; reads the files that variables name. */
export const readExporterConfig = (env: Env, readText: ReadText): ExporterConfig =>
  readSettings(exporterSchema(readText), env, known(readText));

/** Throws `config_invalid` with a line for each mistake; reads the files that variables name. */
export const readLedgerConfig = (env: Env, readText: ReadText): LedgerConfig =>
  readSettings(ledgerSchema(readText), env, known(readText));

/** Throws `config_invalid` with a line for each mistake; reads the files that variables name. */
export const readSetupConfig = (env: Env, readText: ReadText): SetupConfig =>
  readSettings(setupSchema(readText), env, known(readText));

/** Throws `config_invalid` with a line for each mistake; reads the files that variables name. */
export const readSimulatorConfig = (env: Env, readText: ReadText): SimulatorConfig =>
  readSettings(simulatorSchema(readText), env, known(readText));

/** Throws `config_invalid` with a line for each mistake; reads the files that variables name. */
export const readReplayerConfig = (env: Env, readText: ReadText): ReplayerConfig =>
  readSettings(replayerSchema(readText), env, known(readText));
