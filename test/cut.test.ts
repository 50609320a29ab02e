import { describe, expect, test } from 'vitest';
import { cut, partsFor } from '../src/cut.ts';
import type { ShardName } from '../src/model/sweep.ts';
import { memoryStore } from '../src/state/memory.ts';
import { loadState, type ShardState, saveState, sweptShards } from '../src/state/shardState.ts';
import { ABSENT, type Store } from '../src/state/store.ts';
import { compared, DAY, fromNow, NOW, registryId, report, SUB, subscription } from './build.ts';

const [ONE, TWO] = [`${SUB}~1of2`, `${SUB}~2of2`];
const LATER = fromNow(3600);
const OVER = { parts: 2, sweptAt: NOW };

describe('into how many parts', () => {
  const cases: [registries: number | undefined, now: number, parts: number][] = [
    [undefined, 1, 1],
    [undefined, 8, 8],
    [0, 1, 1],
    [500, 1, 1],
    [501, 1, 2],
    [1000, 1, 2],
    [1001, 2, 4],
    [10_000, 1, 32],
    // Not fewer until they are much smaller, and never back and forth.
    [501, 2, 2],
    [400, 2, 2],
    [399, 2, 1],
    [0, 32, 1],
    [799, 4, 2],
  ];
  test.each(cases)('%s registries that were in %s parts: %s', (registries, now, parts) => {
    expect(partsFor(registries, now)).toBe(parts);
    expect(partsFor(registries, parts)).toBe(parts);
  });
});

function state(shard: ShardName, change: Partial<ShardState> = {}): ShardState {
  const { sweptAt = NOW, sweepId = `sweep ${sweptAt}` } = change;
  return {
    version: 1,
    shard,
    sweepId,
    sweptAt,
    findings: [compared()],
    registries: [registryId('shop')],
    report: report({ shard, sweepId }),
    ...change,
  };
}

const WHOLE = state(SUB, { sweptAt: fromNow(-3600), sweepId: 'before' });
const MENDED = { ...WHOLE, resolved: [compared({ findingId: 'mended', status: 'resolved' })] };
const TAKEN = { ...WHOLE, findings: [], registries: [], over: { ...OVER, taken: true as const } };

async function storeOf(...states: ShardState[]): Promise<Store> {
  const store = memoryStore();
  for (const one of states) await saveState(store, one, ABSENT);
  return store;
}

describe('a cut', () => {
  const adopted = ['before'].map((sweepId) => `${SUB}@${sweepId}`);
  const cases: [string, ShardState[], number | undefined, object, ShardState[]][] = [
    ['never swept and small', [], 12, {}, []],
    ['never swept and large', [], 900, { parts: 2 }, []],
    ['as it was', [WHOLE], 12, {}, [WHOLE]],
    [
      'grown: what was swept as a whole is closed to late messages, and is to be taken over',
      [MENDED],
      900,
      { parts: 2, formerly: [SUB] },
      // With what it resolved: of that nobody may have been told yet.
      [{ ...MENDED, over: { parts: 2, sweptAt: LATER } }],
    ],
    [
      'not all parts have taken it over',
      [{ ...WHOLE, over: OVER }, state(ONE, { adopted }), state(TWO)],
      undefined,
      { parts: 2, formerly: [SUB] },
      [{ ...WHOLE, over: OVER }, state(ONE, { adopted }), state(TWO)],
    ],
    [
      'all have: it is emptied',
      [{ ...WHOLE, over: OVER }, state(ONE, { adopted }), state(TWO, { adopted })],
      undefined,
      { parts: 2 },
      [TAKEN, state(ONE, { adopted }), state(TWO, { adopted })],
    ],
    [
      'all have, and a late message has swept it again since',
      [{ ...WHOLE, sweepId: 'late' }, state(ONE, { adopted }), state(TWO, { adopted })],
      undefined,
      { parts: 2, formerly: [SUB] },
      [
        { ...WHOLE, sweepId: 'late', over: { parts: 2, sweptAt: LATER } },
        state(ONE, { adopted }),
        state(TWO, { adopted }),
      ],
    ],
    [
      'planned, and none of its parts has been swept: planned again',
      [{ ...WHOLE, over: OVER }],
      900,
      { parts: 2, formerly: [SUB] },
      [{ ...WHOLE, over: OVER }],
    ],
  ];
  test.each(cases)('%s', async (_what, states, registries, expected, left) => {
    const store = await storeOf(...states);
    const planned = { ...subscription(), retired: false };
    const result = await cut(store, planned, { sweptAt: LATER, registries, swept: await sweptShards(store) });
    expect(result).toEqual({ ...planned, ...expected });
    const kept: (object | undefined)[] = [];
    for (const shard of await sweptShards(store)) {
      const { state } = await loadState(store, shard);
      kept.push(state && { ...state, findings: [...state.findings], resolved: [...(state.resolved ?? [])] });
    }
    expect(kept).toEqual(left.map((one) => ({ resolved: [], ...one })));
  });

  test('what was emptied keeps late messages away for two days, and then goes', async () => {
    const store = await storeOf(TAKEN, state(ONE), state(TWO));
    const planned = { ...subscription(), retired: false };
    const names: string[][] = [];
    for (const sweptAt of [fromNow(2 * DAY), fromNow(2 * DAY + 1)]) {
      await cut(store, planned, { sweptAt, registries: undefined, swept: await sweptShards(store) });
      names.push(await sweptShards(store));
    }
    expect(names).toEqual([
      [SUB, ONE, TWO],
      [ONE, TWO],
    ]);
  });

  test('what is damaged in a finding stays as it is, and is named to its successors', async () => {
    const store = await storeOf(WHOLE);
    const text = ((await store.read(`shards/${SUB}.json`))?.text ?? '').replace('{"findingId"', '{"findingId');
    await store.write(`shards/${SUB}.json`, text);
    const planned = { ...subscription(), retired: false };
    const asked = { sweptAt: LATER, registries: 900, swept: [SUB] };
    expect(await cut(store, planned, asked)).toEqual({ ...planned, parts: 2, formerly: [SUB] });
    expect((await store.read(`shards/${SUB}.json`))?.text).toBe(text);
  });

  test('a retired subscription stays as it is', async () => {
    const store = await storeOf(WHOLE);
    const planned = { ...subscription(), retired: true };
    const asked = { sweptAt: LATER, registries: 5000, swept: [SUB] };
    expect(await cut(store, planned, asked)).toEqual(planned);
  });
});
