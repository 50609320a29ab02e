import { describe, expect, test } from 'vitest';
import { soak } from './soak.ts';
import { FEW } from './soakEstate.ts';
import { EVERYTHING } from './soakEverything.ts';

/** As many as a run of all tests can bear; SOAK_SEEDS=200 for a long night. */
function seeds(usual: number, found: number[] = []): number[] {
  const drawn = Array.from({ length: Number(process.env.SOAK_SEEDS ?? usual) }, (_, index) => index + 1);
  return [...new Set([...drawn, ...found])];
}

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
const SHORT = [...KINDS, 'time too short'].sort();
/** What did not come up in all that time where no subscription is cut, by the seed. */
const NEVER: Record<number, string> = { 93: 'message lost' };
const NOTHING = { lost: [], stuck: [], different: [], falselyResolved: [] };
/** Only what hangs is cut off. */
const LONG_MS = 5 * 60_000;

describe('48 hours of sweeps under random faults end as they do without any, and say nothing false on the way', () => {
  // Once found: the list of subscriptions broke before one of them was ever swept; no message was lost in all that time; a
  // password was renewed between a plan and its late message.
  test.each(seeds(7, [64, 93, 116]))(
    'seed %i',
    async (seed) => {
      const { faults, ...damage } = await soak(seed, FEW);
      expect(damage).toEqual(NOTHING);
      expect(Object.keys(faults).sort()).toEqual(KINDS.filter((kind) => kind !== NEVER[seed]));
    },
    LONG_MS,
  );

  test.each(seeds(3))(
    'every check, seed %i',
    async (seed) => {
      const { faults, ...damage } = await soak(seed, EVERYTHING);
      expect(damage).toEqual(NOTHING);
      expect(Object.keys(faults).sort()).toEqual(SHORT.filter((kind) => kind !== NEVER[seed]));
    },
    LONG_MS,
  );

  test.each(seeds(2))(
    'every check, while subscriptions are cut anew, seed %i',
    async (seed) => {
      const { faults, ...damage } = await soak(seed, { ...EVERYTHING, cuts: 0.2 });
      expect(damage).toEqual(NOTHING);
      expect(Object.keys(faults).sort()).toEqual(SHORT);
    },
    LONG_MS,
  );
});
