/** How what was refused stands in a message: on one line, and short whatever it is. */

const LONGEST = 60;
const LONGEST_MESSAGE = 200;

export const show = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}...` : value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? 'an array' : 'an object';
    default:
      return String(value);
  }
};

/** The message of somebody else's error, which may quote what it was given. */
export const showError = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .slice(0, LONGEST_MESSAGE);
