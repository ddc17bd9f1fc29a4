/**
 * The UTF-16 unit of a text at a place, NaN beyond its end: `charCodeAt`, for loops that see texts
 * from everywhere. V8 keeps texts in many forms (flat, joined, sliced, internalised ...); where a
 * place in the code has seen more than four, `text.charCodeAt` is looked up anew for every unit,
 * which takes five times as long. Called by its full name there is nothing to look up.
 */
export const unitAt = (text: string, index: number): number =>
  String.prototype.charCodeAt.call(text, index);
