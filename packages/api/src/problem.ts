/** Errors as callers see them: problem documents (RFC 9457), each naming what was wrong. */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { z } from 'zod';

export interface FieldError {
  readonly field: string;
  readonly value: string | null;
  readonly want: string;
}

/** What an answer other than the wanted one says. */
export class Refusal extends Error {
  readonly status: number;
  readonly title: string;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail: string,
    more: {
      readonly errors?: readonly FieldError[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(detail);
    this.status = status;
    this.title = TITLES[status] ?? 'Error';
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is wrong',
  401: 'Not authenticated',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  413: 'The request is too large',
  414: 'The URL is too long',
  415: 'Unsupported media type',
  429: 'Too many requests',
  431: 'The request is too large',
  500: 'Internal error',
  503: 'Not ready',
};

export const PROBLEM_TYPE = 'application/problem+json';

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z
    .array(z.object({ field: z.string(), value: z.string().nullable(), want: z.string() }))
    .optional(),
});

export const problemText = ({ status, title, message, errors }: Refusal): string =>
  `${JSON.stringify({
    type: 'about:blank',
    title,
    status,
    detail: message,
    ...(errors.length === 0 ? {} : { errors }),
  })}\n`;

/** Characters of what a caller wrote that are said back. */
export const SHOWN = 100;

/** One field's mistake, with no more of its value than helps. */
export const wrongField = (field: string, value: unknown, want: string): Refusal => {
  const text = value === undefined ? null : String(value).slice(0, SHOWN);
  return new Refusal(400, `${field} ${text === null ? 'is missing' : `"${text}"`}; want ${want}`, {
    errors: [{ field, value: text, want }],
  });
};

interface FrameworkError {
  readonly statusCode?: number;
  readonly code?: string;
  readonly message: string;
}

/** What a thrown thing tells the caller; null: nothing that is the caller's business. */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (isHoldfastError(error, 'usage') || isHoldfastError(error, 'config_invalid')) {
    return new Refusal(400, error.message);
  }
  const { statusCode, message } = (error ?? {}) as FrameworkError;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Refusal(statusCode, message);
  }
  return null;
}
