import { hash } from 'node:crypto';

/** What identifies a thing from sweep to sweep: 16 hex digits of the SHA-256 of its key in lower case (design §2). */
export function idOf(key: string): string {
  return hash('sha256', key.toLowerCase()).slice(0, 16);
}

/** The place of an id among all ids, from 0 to below 1: many of them are spread evenly. */
export function placeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16) / 2 ** 32;
}

/**
 * The number of the period that a time lies in, both in milliseconds. Each id has periods of its own, which begin at its
 * place: what all began at once is spread over the sweeps of a period.
 */
export function periodOf(time: number, id: string, length: number): number {
  return Math.floor((time - placeOf(id) * length) / length);
}
