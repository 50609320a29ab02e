/** The scalar types of Kusto (data-explorer/kusto/query/scalar-data-types). */
export type KqlType =
  | 'string'
  | 'long'
  | 'int'
  | 'real'
  | 'decimal'
  | 'bool'
  | 'datetime'
  | 'timespan'
  | 'guid'
  | 'dynamic';

/** A 64-bit integer: a number while it is safe (below 2^53), a bigint beyond. Never -0, never a small bigint. */
export type Int64 = number | bigint;

/** Marks a boxed scalar, so that no property bag can be mistaken for one. */
export const BOXED = Symbol('kql type');

/** What JSON cannot say, inside a dynamic value: datetime, timespan, guid, decimal, and a real without fraction. */
export interface Boxed {
  readonly [BOXED]: 'datetime' | 'timespan' | 'guid' | 'decimal' | 'real';
  readonly value: number | bigint | string;
}

/** A property bag of a dynamic value. */
export interface Bag {
  [key: string]: KqlValue;
}

/**
 * One cell. By type of the column:
 * string: string, never null; long, int: Int64; real: number; bool: boolean; guid: string in lower case;
 * decimal: decimal text without trailing zeros; timespan: Int64 ticks of 100 ns;
 * datetime: Int64 ticks since 2020-01-01, so that the years 1991 to 2048 are plain numbers;
 * dynamic: JSON values, with `Boxed` for what JSON lacks. Null is null in every type but string.
 */
export type KqlValue = null | boolean | number | bigint | string | Boxed | KqlValue[] | Bag;

export type Row = readonly KqlValue[];

export interface KqlColumn {
  name: string;
  type: KqlType;
}

export interface KqlTable {
  columns: KqlColumn[];
  rows: Row[];
}

const SCALAR_TYPES: Readonly<Record<string, KqlType>> = {
  string: 'string',
  long: 'long',
  int64: 'long',
  int: 'int',
  int32: 'int',
  real: 'real',
  double: 'real',
  decimal: 'decimal',
  bool: 'bool',
  boolean: 'bool',
  datetime: 'datetime',
  date: 'datetime',
  timespan: 'timespan',
  time: 'timespan',
  guid: 'guid',
  uuid: 'guid',
  uniqueid: 'guid',
  dynamic: 'dynamic',
};

/** The type a name stands for, aliases included; undefined for an unknown name. */
export function typeNamed(name: string): KqlType | undefined {
  return SCALAR_TYPES[name.toLowerCase()];
}

export function isBoxed(value: KqlValue): value is Boxed {
  return typeof value === 'object' && value !== null && BOXED in value;
}

export function isArray(value: KqlValue): value is KqlValue[] {
  return Array.isArray(value);
}

export function isBag(value: KqlValue): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(BOXED in value);
}

export function box(type: Boxed[typeof BOXED], value: Boxed['value']): Boxed {
  return { [BOXED]: type, value };
}

/** The null of a type: the empty string for string, which has no null. */
export function nullOf(type: KqlType): KqlValue {
  return type === 'string' ? '' : null;
}

/** Sets a key, also one named `__proto__`. */
export function setKey(bag: Bag, key: string, value: KqlValue): void {
  if (key === '__proto__') {
    Object.defineProperty(bag, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    bag[key] = value;
  }
}

/** The value under a key of a bag, undefined when it is absent. */
export function keyOf(bag: Bag, key: string): KqlValue | undefined {
  return Object.hasOwn(bag, key) ? bag[key] : undefined;
}
