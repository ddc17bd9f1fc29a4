/** From bytes to text to one JSON object, each step with its refusal. */

import { isUtf8 } from 'node:buffer';
import { isJsonObject, type Json } from './json-fields.ts';
import { show, showError } from './show.ts';
import { Unreadable } from './unreadable.ts';

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const jsonText = (value: Uint8Array): string => {
  const text = asBuffer(value).toString('utf8');
  if (text.includes('\uFFFD') && !isUtf8(value)) {
    throw new Unreadable('malformed', 'the value is not UTF-8; write JSON in UTF-8');
  }
  return text;
};

export const jsonObject = (text: string): Json => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const fault = text.trim() === '' ? 'it is empty' : showError(error);
    throw new Unreadable('malformed', `this is no JSON (${fault}); want one object a line`);
  }
  if (isJsonObject(json)) return json;
  throw new Unreadable('malformed', `this is ${show(json)}; want one object a line`);
};
