/** What could not be asked, what still holds, and a way to try again. */

import type { ApiError } from '../data/api.ts';

interface FailureProps {
  readonly what: string;
  readonly error: ApiError | null;
  readonly retry: () => void;
}

export function Failure({ what, error, retry }: FailureProps) {
  if (error === null) return null;
  return (
    <div class="banner bad" role="alert">
      <span>
        {what} could not be loaded: {error.message}
        {error.status > 0 && ` (${error.status})`}. What is shown is the last that was.
      </span>
      <button type="button" onClick={retry}>
        Retry
      </button>
    </div>
  );
}
