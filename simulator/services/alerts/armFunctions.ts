import { isPlain } from '../../mergePatch.ts';

/** A function of the template language that needs nothing but its arguments. */
type ArmFunction = (...args: unknown[]) => unknown;

/**
 * The template functions that the alert rules and what they refer to are compiled to (azure-docs: "ARM template
 * functions"). What is not here is refused by name.
 */
export const ARM_FUNCTIONS: Readonly<Record<string, ArmFunction>> = {
  true: () => true,
  false: () => false,
  null: () => null,
  not: (value) => value !== true,
  and: (...values) => values.every((value) => value === true),
  or: (...values) => values.some((value) => value === true),
  equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  greaterOrEquals: (a, b) => number(a) >= number(b),
  add: (a, b) => number(a) + number(b),
  mul: (a, b) => number(a) * number(b),
  // Whole numbers only, as in templates.
  div: (a, b) => Math.trunc(number(a) / number(b)),
  empty: (value) => isEmpty(value),
  length: (value) => (isPlain(value) ? Object.keys(value).length : texts(value).length),
  string: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  toLower: (value) => String(value).toLowerCase(),
  format: (text, ...values) => String(text).replace(/\{(\d+)\}/g, (_, index) => shown(values[Number(index)])),
  replace: (text, from, to) => String(text).replaceAll(String(from), String(to)),
  split: (text, separator) => String(text).split(String(separator)),
  join: (values, separator) => list(values).join(String(separator)),
  take: (value, count) => texts(value).slice(0, number(count)),
  last: (value) => texts(value).at(-1),
  concat: (...values) =>
    values.every((value) => Array.isArray(value)) ? values.flatMap((value) => list(value)) : values.map(shown).join(''),
  contains: (value, wanted) => contains(value, wanted),
  createArray: (...values) => values,
  createObject: (...pairs) => {
    const made: Record<string, unknown> = {};
    for (let at = 0; at < pairs.length; at += 2) made[String(pairs[at])] = pairs[at + 1];
    return made;
  },
  union: (...values) =>
    values.every((value) => Array.isArray(value))
      ? [...new Set(values.flatMap((value) => list(value)))]
      : Object.assign({}, ...values),
  flatten: (values) => list(values).flatMap((value) => list(value)),
  coalesce: (...values) => values.find((value) => value !== null && value !== undefined) ?? null,
  tryGet: (value, key) => memberOf(value, key) ?? null,
  fail: (message) => {
    throw new Error(String(message));
  },
};

/** A property of an object, whatever the letter case of its name, or an item of a list. */
export function memberOf(value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) return value[number(key)];
  if (!isPlain(value)) return undefined;
  const wanted = String(key).toLowerCase();
  return Object.entries(value).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

function number(value: unknown): number {
  if (typeof value === 'number') return value;
  throw new Error(`${JSON.stringify(value)} is not a number`);
}

/** Narrows a value to a list. */
export function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${JSON.stringify(value)} is not a list`);
}

function texts(value: unknown): string | unknown[] {
  return Array.isArray(value) ? value : String(value);
}

function shown(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isEmpty(value: unknown): boolean {
  if (isPlain(value)) return Object.keys(value).length === 0;
  return value === null || value === undefined || texts(value).length === 0;
}

function contains(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(value)) return value.includes(wanted);
  return isPlain(value) ? memberOf(value, wanted) !== undefined : String(value).includes(String(wanted));
}
