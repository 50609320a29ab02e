import { expect, test } from 'vitest';
import { sweepInTurn } from '../src/inTurn.ts';

const [ONE, TWO, THREE, FOUR] = ['s~1of4', 's~2of4', 's~3of4', 's~4of4'];
const PARTS = [ONE, TWO, THREE, FOUR];

interface Case {
  shards?: string[];
  delivery?: number;
  /** how many there is time for */
  times?: number;
  failing?: string[];
}

async function swept({ shards = PARTS, delivery = 1, times = 9, failing = [] }: Case) {
  const begun: string[] = [];
  const left = await sweepInTurn(shards, {
    delivery,
    isTime: () => begun.length < times,
    sweep: async (shard) => {
      begun.push(shard);
      if (failing.includes(shard)) throw new Error(`${shard} failed`);
    },
  }).catch(String);
  return { begun, left };
}

test.each<[string, Case, Awaited<ReturnType<typeof swept>>]>([
  ['all have their turn, one after another', {}, { begun: PARTS, left: [] }],
  ['none', { shards: [] }, { begun: [], left: [] }],
  ['what there is no time to begin is left', { times: 3 }, { begun: [ONE, TWO, THREE], left: [FOUR] }],
  ['but not all of them', { times: 0 }, { begun: [ONE], left: [TWO, THREE, FOUR] }],
  ['the second delivery begins with the second', { delivery: 2, times: 2 }, { begun: [TWO, THREE], left: [ONE, FOUR] }],
  ['the fifth with the first again', { delivery: 5, times: 1 }, { begun: [ONE], left: [TWO, THREE, FOUR] }],
  ['one that fails bars no other', { failing: [TWO] }, { begun: PARTS, left: 'Error: s~2of4 failed' }],
  [
    'several that fail are named',
    { failing: [ONE, FOUR] },
    { begun: PARTS, left: 'AggregateError: 2 shards could not be swept: s~1of4 failed; s~4of4 failed' },
  ],
])('shards in turn: %s', async (_what, given, expected) => {
  expect(await swept(given)).toEqual(expected);
});
