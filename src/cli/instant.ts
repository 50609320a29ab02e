import { InvalidArgumentError } from 'commander';
import * as z from 'zod';
import type { Instant } from '../model/estate.ts';

/** To the minute, or finer. */
const Moment = z.union([z.iso.datetime({ offset: true, precision: -1 }), z.iso.datetime({ offset: true })]);

/** Reads a moment, which says its offset from UTC: without one it would be another where the machine stands elsewhere. */
export function instantOf(text: string): Instant {
  const read = Moment.safeParse(text);
  if (read.success) return new Date(read.data).toISOString();
  throw new InvalidArgumentError('It must be a time like 2026-11-24T06:00:00Z.');
}
