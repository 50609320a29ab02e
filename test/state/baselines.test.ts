import { describe, expect, test } from 'vitest';
import { firstSeen } from '../../src/baseline.ts';
import type { Snapshot } from '../../src/model/change.ts';
import type { Registry } from '../../src/model/estate.ts';
import { postureOf, settingsOf } from '../../src/posture.ts';
import { acceptPosture, baselineSubscriptions, readBaselines, rememberFirstSeen } from '../../src/state/baselines.ts';
import { findRegistries, knownRegistries } from '../../src/state/knownRegistries.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { saveState } from '../../src/state/shardState.ts';
import { ABSENT, type Store } from '../../src/state/store.ts';
import { DAY, fromNow, NOW, OTHER_SUB, registry, registryId, report, SUB } from '../build.ts';

const LATER = fromNow(3600);
const MADE = { createdOn: '2024-03-01T08:00:00.123Z' };
const OPEN = { publicNetworkAccess: 'Enabled', exposure: 'public', defaultAction: 'Allow' } as const;
const KEY = registryId('shop').toLowerCase();

async function seen(store: Store, registries: Registry[], at = NOW, deleted: string[] = [], subscription = SUB) {
  return Object.fromEntries(await rememberFirstSeen(store, subscription, { registries, deleted, at }));
}

/** Seen in the subscription that `shop` is moved to. */
function seenAbroad(store: Store, registries: Registry[], at = LATER) {
  return seen(store, registries, at, [], OTHER_SUB);
}

function snapshotOf(name: string, createdOn: string): Snapshot {
  const expected = { values: {}, origins: {} };
  return {
    registryId: registryId(name),
    createdOn,
    settings: settingsOf(registry({ name })),
    lastChanges: {},
    expected,
  };
}

describe('seen for the first time', () => {
  test('a registry is taken as it is, and kept', async () => {
    const store = memoryStore();
    expect(await seen(store, [registry()])).toEqual({ [KEY]: firstSeen(registry(), NOW) });
    expect(Object.fromEntries(await readBaselines(store, SUB))).toEqual({ [KEY]: firstSeen(registry(), NOW) });
  });

  test('what was kept stays, however long it is otherwise', async () => {
    const store = memoryStore();
    await seen(store, [registry()]);
    expect(await seen(store, [registry(OPEN)], fromNow(400 * DAY))).toEqual({ [KEY]: firstSeen(registry(), NOW) });
  });

  test('nothing is written when nothing is new', async () => {
    const store = memoryStore();
    await seen(store, [registry()]);
    const before = await store.read(`baselines/${SUB}.json`);
    await seen(store, [registry()], LATER);
    expect((await store.read(`baselines/${SUB}.json`))?.etag).toBe(before?.etag);
  });

  test('not while it is being made', async () => {
    expect(await seen(memoryStore(), [registry({ provisioningState: 'Creating' })])).toEqual({});
  });

  test('one that was made again is seen for the first time again, and nothing accepted counts for it', async () => {
    const store = memoryStore();
    await seen(store, [registry(MADE)]);
    const given = { at: NOW, by: 'ana', reason: 'x' };
    await acceptPosture(
      store,
      { registryId: registryId('shop'), subscriptionId: SUB },
      postureOf(registry(OPEN)),
      given,
    );
    const again = registry({ ...OPEN, createdOn: NOW });
    expect(await seen(store, [again], LATER)).toEqual({ [KEY]: firstSeen(again, LATER) });
  });
});

describe('moved', () => {
  const moved = registry({
    ...MADE,
    ...OPEN,
    id: registryId('shop').replace('/rg/', '/rg-new/'),
    resourceGroup: 'rg-new',
  });
  const abroad = registry({ ...MADE, ...OPEN, subscriptionId: OTHER_SUB });

  test('to another group: its baseline comes along', async () => {
    const store = memoryStore();
    await seen(store, [registry(MADE)]);
    const now = await seen(store, [moved], LATER, [registryId('shop')]);
    expect(now[moved.id.toLowerCase()]).toEqual({ ...firstSeen(registry(MADE), NOW), registryId: moved.id });
  });

  test.each([
    ['found there first', false],
    ['found to be gone here first', true],
  ])('to another subscription, %s', async (_what, goneFirst) => {
    const store = memoryStore();
    await seen(store, [registry(MADE)]);
    await seenAbroad(store, [registry({ name: 'pay', subscriptionId: OTHER_SUB })], NOW);
    if (goneFirst) await seen(store, [], LATER, [registryId('shop')]);
    const now = await seenAbroad(store, [abroad]);
    expect(now[abroad.id.toLowerCase()]).toEqual({ ...firstSeen(registry(MADE), NOW), registryId: abroad.id });
  });

  test('to a subscription of which nothing is kept', async () => {
    const store = memoryStore();
    await seen(store, [registry(MADE)]);
    expect(Object.values(await seenAbroad(store, [abroad]))).toEqual([
      { ...firstSeen(registry(MADE), NOW), registryId: abroad.id },
    ]);
  });

  test.each([1, 2])('to another subscription, cut short at write %i: the next sweep makes up for it', async (last) => {
    const store = memoryStore();
    await seen(store, [registry(MADE)]);
    let writes = 0;
    const failing: Store = {
      ...store,
      async write(...given) {
        if (++writes === last) throw new Error('cut short');
        return store.write(...given);
      },
    };
    await expect(seenAbroad(failing, [abroad])).rejects.toThrow('cut short');
    await seenAbroad(store, [abroad], fromNow(7200));
    expect((await knownRegistries(store)).map(({ baseline }) => baseline)).toEqual([
      { ...firstSeen(registry(MADE), NOW), registryId: abroad.id },
    ]);
  });

  describe('from a subscription of which what is kept cannot be read', () => {
    const name = `baselines/${SUB}.json`;
    const waiting = { ...firstSeen(abroad, LATER), mayBeMoved: true };
    /** `shop` has been found abroad while what is kept of it was damaged; `mended`: as it was before. */
    async function damaged() {
      const store = memoryStore();
      await seen(store, [registry(MADE)]);
      const whole = (await store.read(name))?.text ?? '';
      await store.write(name, '{"ver');
      const found = Object.values(await seenAbroad(store, [abroad]));
      return { store, found, mended: () => store.write(name, whole) };
    }

    test('it is measured by what was seen first, until that can be read', async () => {
      const { store, found, mended } = await damaged();
      expect(found).toEqual([waiting]);
      expect(Object.values(await seenAbroad(store, [registry({ ...MADE, subscriptionId: OTHER_SUB })]))).toEqual([
        waiting,
      ]);
      await mended();
      expect(Object.values(await seenAbroad(store, [abroad]))).toEqual([
        { ...firstSeen(registry(MADE), NOW), registryId: abroad.id },
      ]);
    });

    test('and for good where it did not come from there', async () => {
      const { store } = await damaged();
      await store.remove(name);
      expect(Object.values(await seenAbroad(store, [abroad]))).toEqual([firstSeen(abroad, LATER)]);
    });

    test('what somebody accepted stays', async () => {
      const { store, mended } = await damaged();
      const given = { at: LATER, by: 'ana', reason: 'x' };
      const place = { registryId: abroad.id, subscriptionId: OTHER_SUB };
      const { mayBeMoved: _, ...accepted } = await acceptPosture(store, place, postureOf(abroad), given);
      await mended();
      expect(Object.values(await seenAbroad(store, [abroad]))).toEqual([accepted]);
    });
  });

  describe.each([
    ['seen', true],
    ['hidden', false],
  ])('more than once, where each leaving is %s: what was accepted last comes along', (_what, isSeen) => {
    const first = registry(MADE);
    const third = registry({ ...MADE, ...OPEN, id: registryId('shop').replace('/rg/', '/rg-third/') });
    const given = { at: fromNow(1800), by: 'ana', reason: 'x' };

    test.each<[string, Registry, Registry]>([
      ['to another group and back', moved, first],
      ['to another group and on', moved, third],
      ['to another subscription and back', abroad, first],
      ['to another subscription and back into another group', abroad, third],
    ])('%s', async (_path, second, last) => {
      const store = memoryStore();
      /** Both subscriptions are swept; where nothing of it is seen, nobody knows that it has left. */
      async function sweep({ id, subscriptionId, ...one }: Registry, at: string, left: Registry[] = []) {
        for (const place of [OTHER_SUB, SUB]) {
          const there = place === subscriptionId ? [{ ...one, id, subscriptionId }] : [];
          await seen(store, there, at, isSeen ? left.map((former) => former.id) : [], place);
        }
      }
      await sweep(first, NOW);
      await sweep(second, fromNow(600), [first]);
      const accepted = { ...given, posture: postureOf(second), replaced: postureOf(first) };
      const place = { registryId: second.id, subscriptionId: second.subscriptionId };
      await acceptPosture(store, place, accepted.posture, given);
      await sweep(last, LATER, [second]);
      const known = await knownRegistries(store);
      expect(known.map(({ baseline }) => baseline)).toEqual([
        { ...firstSeen(first, NOW), registryId: last.id, accepted },
      ]);
    });
  });

  test('the other subscriptions are read once, however much is new, and not at all by the first sweep', async () => {
    const kept = memoryStore();
    const reads: string[] = [];
    const store: Store = {
      ...kept,
      read(name) {
        reads.push(name);
        return kept.read(name);
      },
    };
    await seen(store, [registry({ name: 'pay', subscriptionId: OTHER_SUB })], NOW, [], OTHER_SUB);
    const many = Array.from({ length: 20 }, (_, index) => registry({ ...MADE, name: `r${index}` }));
    reads.length = 0;
    await rememberFirstSeen(store, SUB, { registries: many.slice(0, 10), deleted: [], at: NOW, baselinesOf: [] });
    expect(reads).toEqual([`baselines/${SUB}.json`]);
    reads.length = 0;
    await seen(store, many);
    expect(reads).toEqual([`baselines/${SUB}.json`, `baselines/${OTHER_SUB}.json`]);
  });

  test('what is gone is kept for 30 days, then forgotten; one that comes back is not', async () => {
    const store = memoryStore();
    await seen(store, [registry(MADE), registry({ ...MADE, name: 'pay' })]);
    const gone = [registryId('shop'), registryId('pay')];
    expect(Object.values(await seen(store, [], NOW, gone)).map(({ goneAt }) => goneAt)).toEqual([NOW, NOW]);
    // Gone is gone from the first time on.
    await seen(store, [], fromNow(DAY), [registryId('pay')]);
    await seen(store, [registry(MADE)], fromNow(DAY));
    expect(Object.keys(await seen(store, [], fromNow(30 * DAY)))).toHaveLength(2);
    expect(await seen(store, [], fromNow(30 * DAY + 1))).toEqual({ [KEY]: firstSeen(registry(MADE), NOW) });
  });
});

describe('accepted', () => {
  const place = { registryId: registryId('shop'), subscriptionId: SUB };
  const given = { at: LATER, by: 'ana@contoso.com', reason: 'the debugging stays' };

  test('a posture, with who and why, beside what was seen first', async () => {
    const store = memoryStore();
    await seen(store, [registry()]);
    const posture = postureOf(registry(OPEN));
    expect(await acceptPosture(store, place, posture, given)).toEqual({
      ...firstSeen(registry(), NOW),
      accepted: { ...given, posture, replaced: postureOf(registry()) },
    });
  });

  test('not of a registry that no sweep has seen', async () => {
    await expect(acceptPosture(memoryStore(), place, postureOf(registry()), given)).rejects.toThrow(
      `nothing is kept of ${registryId('shop')} in memory; sweep it once with this state`,
    );
  });

  test('while a sweep writes the same document: neither is lost', async () => {
    const store = memoryStore();
    await seen(store, [registry()]);
    await Promise.all([
      acceptPosture(store, place, postureOf(registry(OPEN)), given),
      seen(store, [registry(), registry({ name: 'pay' })], LATER),
    ]);
    const kept = await readBaselines(store, SUB);
    expect([kept.size, kept.get(KEY)?.accepted?.by]).toEqual([2, 'ana@contoso.com']);
  });

  test('not over another writer without end', async () => {
    const store = memoryStore();
    await seen(store, [registry()]);
    let writes = 0;
    const contested: Store = {
      ...store,
      async write(name, text, expected) {
        writes++;
        await store.write(name, (await store.read(name))?.text ?? '');
        return store.write(name, text, expected);
      },
    };
    await expect(acceptPosture(contested, place, postureOf(registry(OPEN)), given)).rejects.toThrow(
      'was written meanwhile',
    );
    expect(writes).toBe(100);
  });
});

test('a document of another version is refused with a sentence, and left as it is', async () => {
  const store = memoryStore();
  const old = '{"version":0,"registries":[]}';
  await store.write(`baselines/${SUB}.json`, old);
  await expect(seen(store, [registry()])).rejects.toThrow(
    `baselines/${SUB}.json in memory has version 0, this is a program for version 1; nothing was overwritten`,
  );
  expect((await store.read(`baselines/${SUB}.json`))?.text).toBe(old);
});

test('what lies beside the documents is none of a subscription', async () => {
  const store = memoryStore();
  await seen(store, [registry()]);
  for (const stray of ['.DS_Store', `${SUB}.json.bak`, `${SUB} copy.json`]) await store.write(`baselines/${stray}`, '');
  expect(await baselineSubscriptions(store)).toEqual([SUB]);
});

test.each(['{"version":1}', '{"version":1,"baselines":"x"}', '{"ver'])(
  'what is damaged is told as such: %s',
  async (text) => {
    const store = memoryStore();
    await store.write(`baselines/${SUB}.json`, text);
    await expect(seen(store, [registry()])).rejects.toThrow(
      `baselines/${SUB}.json in memory is damaged; nothing was overwritten. Move it away to begin anew`,
    );
  },
);

describe('what is known', () => {
  test('is listed by name, without what is gone', async () => {
    const store = memoryStore();
    await seen(store, [registry(), registry({ name: 'pay' }), registry({ name: 'old' })]);
    await seen(store, [registry(), registry({ name: 'pay' })], LATER, [registryId('old')]);
    expect((await knownRegistries(store)).map(({ name }) => name)).toEqual(['pay', 'shop']);
    expect(await baselineSubscriptions(store)).toEqual([SUB]);
  });

  test('comes with its snapshot, from whichever shard saw it last', async () => {
    const store = memoryStore();
    await seen(store, [registry(), registry({ name: 'pay' })]);
    for (const [shard, sweptAt, names] of [
      [`${SUB}~1of2`, LATER, ['shop']],
      [SUB, NOW, ['shop', 'pay']],
      [OTHER_SUB, LATER, ['pay']],
    ] as const) {
      const snapshots = Object.fromEntries(
        names.map((name) => [registryId(name).toLowerCase(), snapshotOf(name, sweptAt)]),
      );
      const state = { sweepId: sweptAt, sweptAt, findings: [], registries: [], report: report({ shard }) };
      await saveState(store, { version: 1, shard, snapshots, ...state }, ABSENT);
    }
    const known = (await knownRegistries(store)).map(({ name, snapshot }) => [name, snapshot?.createdOn]);
    expect(known).toEqual([
      ['pay', NOW],
      ['shop', LATER],
    ]);
  });

  test('is found by name or id in any letter case', async () => {
    const store = memoryStore();
    await seen(store, [registry(), registry({ name: 'pay' })]);
    const found = await findRegistries(store, ['SHOP', registryId('pay').toUpperCase()]);
    expect(found.map(({ name }) => name)).toEqual(['shop', 'pay']);
    expect(await findRegistries(store, ['shop', registryId('shop'), 'Shop'])).toHaveLength(1);
  });

  test('is found by id alone where it was made anew, and nobody could see that the old one is gone', async () => {
    const store = memoryStore();
    await seen(store, [registry(MADE)]);
    const anew = registry({ createdOn: NOW, subscriptionId: OTHER_SUB });
    await seenAbroad(store, [anew]);
    await expect(findRegistries(store, ['shop'])).rejects.toThrow(
      `'shop' is ${registryId('shop')} or ${anew.id}: give the id of the one that is meant`,
    );
    const found = await findRegistries(store, [anew.id]);
    expect(found.map(({ subscriptionId }) => subscriptionId)).toEqual([OTHER_SUB]);
  });

  test.each<[string, Registry[], string]>([
    ['nothing is kept at all', [], 'nothing is kept in memory: sweep once with --state memory'],
    [
      'a great many are',
      Array.from({ length: 22 }, (_, index) => registry({ name: `r${String(index).padStart(2, '0')}` })),
      'it knows r00, r01, r02, r03, r04, r05, r06, r07, r08, r09, r10, r11, r12, r13, r14, r15, r16, r17, r18, r19 and 2 more',
    ],
    ['others are', [registry()], "no sweep with the state in memory has seen 'shpo', 'x'; it knows shop"],
  ])('or refused, all at once, where %s', async (_what, registries, message) => {
    const store = memoryStore();
    await seen(store, registries);
    await expect(findRegistries(store, ['shpo', 'x'])).rejects.toThrow(message);
  });
});
