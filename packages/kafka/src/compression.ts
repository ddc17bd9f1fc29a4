/**
 * The compressions of a record batch: all that Kafka knows can be read, those that Node brings
 * along can be written.
 */

import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { unpackLz4 } from './lz4.ts';
import { unpackSnappy } from './snappy.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

/** By the lowest three bits of a batch's attributes. */
const NAMES = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
const CODEC_MASK = 7;

/** The fastest: the writer is a bottleneck long before the disk is. */
const GZIP_OPTIONS = { level: 1 };

export const codecOf = (compression: Compression): number => NAMES.indexOf(compression);

export const compress = (compression: Exclude<Compression, 'none'>, bytes: Buffer): Buffer =>
  compression === 'gzip' ? gzipSync(bytes, GZIP_OPTIONS) : zstdCompressSync(bytes);

const unpack = (codec: number, packed: Buffer): Buffer => {
  const name = NAMES[codec];
  switch (name) {
    case 'none':
      return packed;
    case 'gzip':
      return gunzipSync(packed);
    case 'zstd':
      return zstdDecompressSync(packed);
    case 'lz4':
      return unpackLz4(packed);
    case 'snappy':
      return unpackSnappy(packed);
    default:
      throw new HoldfastError('log_unreadable', `compression ${codec} is not known`);
  }
};

/** The records' bytes of a batch with these attributes. Throws `log_unreadable`. */
export const decompress = (attributes: number, packed: Buffer): Buffer => {
  const codec = attributes & CODEC_MASK;
  try {
    return unpack(codec, packed);
  } catch (error) {
    if (error instanceof HoldfastError) throw error;
    throw new HoldfastError('log_unreadable', `damaged ${NAMES[codec]} data`, { cause: error });
  }
};
