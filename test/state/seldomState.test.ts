import { expect, test } from 'vitest';
import { memoryStore } from '../../src/state/memory.ts';
import { loadRemembered, saveRemembered } from '../../src/state/seldomState.ts';
import { fromNow, NOW, SUB } from '../build.ts';

const [ONE, TWO] = [`${SUB}~1of2`, `${SUB}~2of2`];
const at = (hour: number, value: string) => ({ readAt: fromNow(hour * 3600), value });
const AT_SIX = '20261124T060000Z';
const AT_SEVEN = '20261124T070000Z';

test.each([
  ['one after the other', [ONE, TWO]],
  ['the other way round', [TWO, ONE]],
])('of several shards the newest of each thing is known, %s', async (_what, shards) => {
  const store = memoryStore();
  await saveRemembered(store, ONE, AT_SIX, { a: at(0, 'old'), b: at(1, 'new'), c: at(0, 'only') });
  await saveRemembered(store, TWO, AT_SIX, { a: at(1, 'new'), b: at(0, 'old') });
  expect(await loadRemembered(store, shards)).toEqual({ a: at(1, 'new'), b: at(1, 'new'), c: at(0, 'only') });
});

test.each([
  ['of the last sweep', AT_SIX, AT_SIX, true],
  ['of a newer one', AT_SEVEN, AT_SIX, true],
  ['of one before the last, which may have seen it otherwise', AT_SIX, AT_SEVEN, false],
  ['where there was no sweep before', AT_SIX, undefined, true],
])('what was read %s: %s, since %s, is known: %s', async (_what, sweepId, since, known) => {
  const store = memoryStore();
  const remembered = { a: { readAt: NOW, value: 'x' } };
  await saveRemembered(store, SUB, sweepId, remembered);
  expect(await loadRemembered(store, [SUB], since)).toEqual(known ? remembered : {});
});
