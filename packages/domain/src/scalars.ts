/**
 * The branded scalars of the domain. A brand makes it a type error to hand an offset where an
 * instant is wanted; at run time each is a plain number or string.
 */

declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Money: an integer count of a currency's minor units (ISO 4217 exponent). Never a float. */
export type MinorUnits = Branded<number, 'MinorUnits'>;

/** A point in time: integer UTC milliseconds since 1970. */
export type Instant = Branded<number, 'Instant'>;

/** The paying account; also the key of its records. */
export type CustomerId = Branded<string, 'CustomerId'>;

/** A position in one partition of a log. */
export type Offset = Branded<number, 'Offset'>;

/** States that a number is minor units; the caller has checked that it is a safe integer. */
export const minorUnits = (value: number): MinorUnits => value as MinorUnits;

/** States that a number is an instant in UTC milliseconds. */
export const instant = (value: number): Instant => value as Instant;

/** States that a string is a customer's id. */
export const customerId = (value: string): CustomerId => value as CustomerId;

/** States that a number is an offset. */
export const offset = (value: number): Offset => value as Offset;
