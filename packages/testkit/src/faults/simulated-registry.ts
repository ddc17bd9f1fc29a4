/** A codec whose records have writers' schemas, which a process must learn over a network. */

import type { ChangeCodec } from '@holdfast/contracts/codec.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { Network, Server } from './network.ts';
import type { SimulatedProcess } from './simulated-process.ts';

const SCHEMAS = 2;
const schemaOf = (value: Uint8Array): number => value.length % SCHEMAS;
const away = (): HoldfastError => new HoldfastError('registry_unavailable', 'simulated');

export const simulatedCodec = (
  codec: ChangeCodec,
  network: Network,
  server: Server,
  process: SimulatedProcess,
): ChangeCodec => {
  const known = new Set<number>();
  return {
    knows: (value) => known.has(schemaOf(value)),
    decode: (value) => (known.has(schemaOf(value)) ? codec.decode(value) : 'schema_unknown'),
    learn: (value) =>
      network.call(process, server, {
        label: `registry.learn ${schemaOf(value)}`,
        refused: away,
        inDoubt: away,
        execute: async () => {
          known.add(schemaOf(value));
        },
      }),
  };
};
