/**
 * The schema registry over its Confluent API: schemas of writers by id, and registration of our
 * own. Decodes nothing and caches nothing; the codecs do.
 */

import { createRequire } from 'node:module';
import type { WriterSchemas } from '@holdfast/contracts/codec.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import type registryApi from '@kafkajs/confluent-schema-registry/dist/api/index.js';
import { messageOf } from './faults.ts';

export interface RegistryOptions {
  /** Base of the Confluent API, without a slash at its end. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly clientId: string;
}

export interface Registry extends WriterSchemas {
  /**
   * Registers the schema, unless it stands there already, and that later versions must be
   * BACKWARD_TRANSITIVE. Gives the id that records carry. Throws `schema_refused` where it is no
   * schema or not compatible with the versions before it, else `registry_unavailable`.
   */
  registerSchema(subject: string, schemaText: string): Promise<number>;
}

/** Required, not imported: Node and Vitest disagree on what the default of this CommonJS file is. */
const { default: apiOf } = createRequire(import.meta.url)(
  '@kafkajs/confluent-schema-registry/dist/api/index.js',
) as typeof registryApi;

const LEVEL = COMPATIBILITY.BACKWARD_TRANSITIVE;
/** What the client throws where a subject's level is not the one that is asked for. */
const OTHER_LEVEL = 'ConfluentSchemaRegistryCompatibilityError';
const NOT_FOUND = 404;
const CONFLICT = 409;
/** Answers that say the schema is at fault: incompatible, or invalid. */
const REFUSED: readonly unknown[] = [CONFLICT, 422];

/** TopicRecordNameStrategy: a topic may hold several records. */
export const subjectOf = (topic: string, avroName: string): string => `${topic}-${avroName}`;

const statusOf = (error: unknown): unknown =>
  error instanceof Error && 'status' in error ? error.status : undefined;

const unavailable = (what: string, error: unknown): HoldfastError =>
  new HoldfastError('registry_unavailable', `${what}: ${messageOf(error)}`, { cause: error });

/** The schema text of the registry's answer; absent where it is not Avro's business. */
const schemaIn = (answer: unknown): string => {
  if (typeof answer === 'object' && answer !== null && 'schema' in answer) {
    if (typeof answer.schema === 'string') return answer.schema;
  }
  throw new Error(`unexpected answer: ${JSON.stringify(answer)}`);
};

export const schemaRegistry = (options: RegistryOptions): Registry => {
  const { url, username, password, clientId } = options;
  const connection = {
    host: url,
    clientId,
    ...(username === undefined || password === undefined ? {} : { auth: { username, password } }),
  };
  const api = apiOf(connection);
  const registry = new SchemaRegistry(connection);

  const register = async (subject: string, schemaText: string): Promise<number> => {
    const { id } = await registry.register(
      { type: SchemaType.AVRO, schema: schemaText },
      { subject, compatibility: LEVEL },
    );
    return id;
  };

  const levelOf = async (subject: string): Promise<string> => {
    const response = await api.Subject.config({ subject });
    const { compatibilityLevel }: { compatibilityLevel: string } = response.data();
    return compatibilityLevel;
  };

  /**
   * A subject is made first and given its level after that. Whoever looks in between, or after one
   * that died in between, sees no level; whoever gives the level at the same moment as another may
   * be told of a conflict. Answers whether the subject has ours now.
   */
  const completed = async (subject: string): Promise<boolean> => {
    const level = await levelOf(subject);
    if (level !== COMPATIBILITY.NONE) return level === LEVEL;
    try {
      await api.Subject.updateConfig({ subject, body: { compatibility: LEVEL } });
      return true;
    } catch (error) {
      if (statusOf(error) !== CONFLICT) throw error;
      return (await levelOf(subject)) === LEVEL;
    }
  };

  return {
    fetch: async (id) => {
      try {
        const response = await api.Schema.find({ id });
        return schemaIn(response.data());
      } catch (error) {
        if (statusOf(error) === NOT_FOUND) return null;
        throw unavailable(`schema ${id}`, error);
      }
    },
    registerSchema: async (subject, schemaText) => {
      try {
        return await register(subject, schemaText).catch(async (error: unknown) => {
          const isLevel = error instanceof Error && error.name === OTHER_LEVEL;
          const mayBeLevel = isLevel || statusOf(error) === CONFLICT;
          if (!mayBeLevel || !(await completed(subject))) throw error;
          // A schema that is refused is refused again.
          return register(subject, schemaText);
        });
      } catch (error) {
        // Without a status it was not sent: no Avro schema, or the subject is set up otherwise.
        const status = statusOf(error);
        const refused = status === undefined || REFUSED.includes(status);
        if (!refused) throw unavailable(subject, error);
        throw new HoldfastError('schema_refused', `${subject}: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
  };
};
