/** What every answer carries, who may ask, and the constant-time look at a token. */

import { createHash, timingSafeEqual } from 'node:crypto';
import { CONSOLE_CSP } from '@holdfast/console/files.ts';
import type { FastifyRequest } from 'fastify';
import { Refusal } from './problem.ts';

export const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': CONSOLE_CSP,
} as const;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Checks the bearer token of a request; without a token set everyone may ask. Throws a refusal. */
export const tokenCheck = (token: string | null): ((request: FastifyRequest) => void) => {
  if (token === null) return () => undefined;
  const wanted = digest(token);
  return ({ headers }) => {
    const given = /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
    if (timingSafeEqual(digest(given), wanted)) return;
    throw new Refusal(401, 'want the header Authorization: Bearer TOKEN', {
      headers: { 'WWW-Authenticate': 'Bearer realm="holdfast"' },
    });
  };
};
