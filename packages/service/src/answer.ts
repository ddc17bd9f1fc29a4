/** What a service of ours answers over HTTP. Errors are problem documents (RFC 9457). */

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const textAnswer = (body: string): Answer => ({
  status: 200,
  contentType: 'text/plain; charset=utf-8',
  body: `${body}\n`,
});

/** `title` is the same for every problem of the kind, `detail` says what it was this time. */
export const problem = (status: number, title: string, detail: string): Answer => ({
  status,
  contentType: 'application/problem+json',
  body: `${JSON.stringify({ type: 'about:blank', title, status, detail })}\n`,
});
