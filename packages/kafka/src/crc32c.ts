/**
 * CRC-32C (Castagnoli), the checksum of a Kafka record batch, eight bytes a step: kafkajs does one
 * byte a step, a third of the speed, and Node's zlib has only the other CRC-32.
 */

const POLYNOMIAL = 0x82f63b78;

/** Eight tables of 256: table k is the effect of a byte that stands k bytes before the last. */
const TABLES = (() => {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let at = 256; at < tables.length; at += 1) {
    const before = tables[at - 256]!;
    tables[at] = (before >>> 8) ^ tables[before & 255]!;
  }
  return tables;
})();

/** The checksum of bytes[from, to) as an unsigned 32-bit number. */
export const crc32c = (bytes: Uint8Array, from: number, to: number): number => {
  const t = TABLES;
  let crc = -1;
  let at = from;
  for (const last = to - 8; at <= last; at += 8) {
    const low =
      crc ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    crc =
      t[1792 + (low & 255)]! ^
      t[1536 + ((low >>> 8) & 255)]! ^
      t[1280 + ((low >>> 16) & 255)]! ^
      t[1024 + (low >>> 24)]! ^
      t[768 + bytes[at + 4]!]! ^
      t[512 + bytes[at + 5]!]! ^
      t[256 + bytes[at + 6]!]! ^
      t[bytes[at + 7]!]!;
  }
  for (; at < to; at += 1) crc = t[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
};
