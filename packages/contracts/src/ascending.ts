/** Maps in one order whatever order they were built in, so that equal maps are equal bytes. */

/** The keys of a map, ascending by UTF-16 code units whatever the locale. */
export const ascendingKeys = (map: Readonly<Record<string, unknown>>): string[] => {
  const keys = Object.keys(map);
  for (let index = 1; index < keys.length; index++) {
    if (keys[index - 1]! > keys[index]!) return keys.sort();
  }
  return keys;
};

/** The map with its keys ascending, but for those that are array indexes: these come first. */
export const ascending = <T>(map: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(ascendingKeys(map).map((key) => [key, map[key]!]));
