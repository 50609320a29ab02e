import { describe, expect, test } from 'vitest';
import { soak } from './soak.ts';

/** As many as a run of all tests can bear; SOAK_SEEDS=200 for a long night. */
const SEEDS = Array.from({ length: Number(process.env.SOAK_SEEDS ?? 7) }, (_, index) => index + 1);
/**
 * Once found: the list of subscriptions broke before one of them was ever swept; no message was lost in all that time; a
 * password was renewed between a plan and its late message.
 */
const FOUND = [64, 93, 116];
const KINDS = [
  'killed',
  'message late',
  'message lost',
  'message twice',
  'restatement lost',
  'rows refused',
  'state fails',
  'wire',
];
/** What did not come up in all that time, by the seed. */
const NEVER: Record<number, string> = { 93: 'message lost' };
const MINUTE_MS = 60_000;

describe('48 hours of sweeps under random faults end as they do without any, and say nothing false on the way', () => {
  test.each([...new Set([...SEEDS, ...FOUND])])(
    'seed %i',
    async (seed) => {
      const { faults, ...damage } = await soak(seed);
      expect(damage).toEqual({ lost: [], stuck: [], different: [], falselyResolved: [] });
      expect(Object.keys(faults).sort()).toEqual(KINDS.filter((kind) => kind !== NEVER[seed]));
    },
    MINUTE_MS,
  );
});
