/** How a value that was refused stands in a message: on one line, and short whatever it is. */

const LONGEST = 60;

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
