import { ADDRESSES } from './addresses.ts';
import { ARRAYS } from './arrays.ts';
import { BAGS } from './bags.ts';
import { CHOICE } from './choice.ts';
import { CONVERSION } from './conversion.ts';
import { ENCODING } from './encoding.ts';
import { HASHES } from './hash.ts';
import { MATH } from './math.ts';
import { PARSING } from './parsing.ts';
import { PATTERNS } from './patterns.ts';
import type { Bind } from './registry.ts';
import { SETS } from './sets.ts';
import { TEXT } from './text.ts';
import { TIME } from './time.ts';
import { TIME_MAKING } from './time-make.ts';
import { WINDOWS } from './windows.ts';

const FUNCTIONS: Readonly<Record<string, Bind>> = {
  ...CONVERSION,
  ...CHOICE,
  ...MATH,
  ...HASHES,
  ...TEXT,
  ...PATTERNS,
  ...ENCODING,
  ...TIME,
  ...TIME_MAKING,
  ...ADDRESSES,
  ...ARRAYS,
  ...SETS,
  ...BAGS,
  ...PARSING,
  ...WINDOWS,
};

/** What compiles a call of a built-in function; undefined for one this interpreter does not know. */
export function findFunction(name: string): Bind | undefined {
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
}

/** The names of all functions known. */
export function functionNames(): string[] {
  return Object.keys(FUNCTIONS);
}
