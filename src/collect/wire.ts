import type * as z from 'zod';
import type { Instant } from '../model/estate.ts';
import { UnusableAnswerError } from './attempt.ts';

/** A field that the service always sends; its absence is a gap, never a default. */
export function required<T>(value: T | null | undefined, field: string, of: string): T {
  if (value === null || value === undefined || value === '') {
    throw new UnusableAnswerError(`${of} came without ${field}`);
  }
  return value;
}

/** A date of the wire (SDK `Date` or Graph's text) as the model keeps it; null and absent are absent. */
export function instant(value: Date | string | null | undefined, field: string, of: string): Instant | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  const date = value instanceof Date ? value : new Date(value);
  // The ARM SDK makes an Invalid Date of a text that it cannot read, without an error: facts §1.1
  if (Number.isNaN(date.getTime())) {
    throw new UnusableAnswerError(`${of} has ${field} '${String(value)}', which is not a date`);
  }
  return date.toISOString();
}

/** One of the values we know, in the letter case we know; another one is a gap, since we cannot judge it. */
export function oneOf<T extends string>(value: string, known: readonly T[], field: string, of: string): T {
  const found = known.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
  if (!found) throw new UnusableAnswerError(`${of} has ${field} '${value}'; known are ${known.join(', ')}`);
  return found;
}

/** `{ name: value }` when there is a value, else nothing: for optional properties. */
export function given<K extends string, V>(name: K, value: V | null | undefined): { [P in K]?: V } {
  const object: { [P in K]?: V } = {};
  if (value !== null && value !== undefined) object[name] = value;
  return object;
}

/** An answer that has the shape it needs; one that has not is a gap, with the place of what is missing. */
export function understood<T extends z.ZodType>(shape: T, wire: unknown, of: string): z.infer<T> {
  const read = shape.safeParse(wire);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0] ?? { path: [], message: '' };
  throw new UnusableAnswerError(`${of} came with ${path.join('.') || 'something else'}: ${message}`);
}

/** Whether an id comes for the first time, in any letter case: a list that changes while it is read may show one on two pages. */
export function firstOfEach(): (id: string) => boolean {
  const seen = new Set<string>();
  return (id) => {
    const { size } = seen;
    return seen.add(id.toLowerCase()).size > size;
  };
}
