/** Asks the query API. A refusal is thrown as `ApiError`, with what the API said about it. */

const TOKEN = 'holdfast-token';

/** Kept for this tab only. */
export const storedToken = (): string | null => sessionStorage.getItem(TOKEN);
export const storeToken = (token: string): void => sessionStorage.setItem(TOKEN, token);

export const authorization = (): Record<string, string> => {
  const token = storedToken();
  return token === null ? {} : { Authorization: `Bearer ${token}` };
};

export class ApiError extends Error {
  /** HTTP status; 0: no answer came. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type Query = Readonly<Record<string, string | number | null | undefined>>;

export function apiPath(path: string, query: Query = {}): string {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) said.set(name, String(value));
  }
  const text = said.toString();
  return text === '' ? path : `${path}?${text}`;
}

export async function ask<Answer>(path: string, signal: AbortSignal): Promise<Answer> {
  const response = await reach(path, signal);
  if (response.ok) return (await response.json()) as Answer;
  throw new ApiError(response.status, await detailOf(response));
}

async function reach(path: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(path, {
      headers: { Accept: 'application/json', ...authorization() },
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiError(0, 'the server does not answer');
  }
}

async function detailOf(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => null)) as {
    readonly detail?: string;
    readonly title?: string;
  } | null;
  return problem?.detail ?? problem?.title ?? `HTTP ${response.status}`;
}
