import { describe, expect, test } from 'vitest';
import { sweepIdOf } from '../../src/plan.ts';
import { boundSpool, SPOOL_LIMITS } from '../../src/publish/bound.ts';
import { TABLES } from '../../src/publish/rows.ts';
import { countDropped, droppedRows } from '../../src/state/dropped.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { keep, setAside, sweepOf } from '../../src/state/spool.ts';
import type { Store } from '../../src/state/store.ts';
import { DAY, fromNow, NOW } from '../build.ts';
import { finding, row, wait, waiting } from './spool.ts';

const HOUR = 3600;
const at = (seconds: number): Date => new Date(fromNow(seconds));
/** Nothing may wait, however young. */
const NOTHING = { ...SPOOL_LIMITS, bytes: 0 };

/** Puts away a batch of one finding's row. */
async function refuse(store: Store, one: ReturnType<typeof finding>): Promise<void> {
  const entry = { version: 1 as const, table: TABLES.findings, rows: [one], reason: '400' };
  await setAside(store, await wait(store, 'a', [one]), entry);
}

describe('by age', () => {
  test('what is older than seven days goes, and is counted', async () => {
    const store = memoryStore();
    await wait(store, 'a', [
      finding('old', 'f', -7 * DAY - 1, 'ongoing'),
      finding('old too', 'g', -7 * DAY - 1, 'new'),
    ]);
    await wait(store, 'b', [finding('young', 'f', -7 * DAY, 'ongoing')]);
    expect(await boundSpool(store, at(0))).toBe(2);
    expect(await waiting(store)).toEqual(['young']);
    expect(await droppedRows(store)).toBe(2);
  });

  test('what was refused for good too', async () => {
    const store = memoryStore();
    for (const seconds of [-7 * DAY - 1, -7 * DAY]) await refuse(store, finding('refused', 'f', seconds));
    expect(await boundSpool(store, at(0))).toBe(1);
    expect(await store.list('refused/')).toEqual(['refused/20261117T060000Z/a/00000.json']);
  });

  test('what another worker is sending stays, however old it is', async () => {
    const store = memoryStore();
    const old = [finding('old', 'f', -7 * DAY - 1)];
    await wait(store, 'a', old, { claimedUntil: fromNow(1) });
    expect(await boundSpool(store, at(0))).toBe(0);
    expect([await waiting(store), await droppedRows(store)]).toEqual([['old'], 0]);
    expect(await boundSpool(store, at(1))).toBe(1);
  });

  test('an incident is as old as its row', async () => {
    const store = memoryStore();
    for (const [id, seconds] of [['old', -7 * DAY - 1] as const, ['young', -7 * DAY] as const]) {
      const entry = { version: 1 as const, table: 'AcrWardenIncidents_CL', rows: [row(id, seconds)], reason: '503' };
      await keep(store, `incident-${id}`, 'incident', 0, entry);
    }
    expect(await boundSpool(store, at(0))).toBe(1);
    expect(await waiting(store)).toEqual(['young']);
  });
});

/** Each of about the same size, and none of the same sweep and shard as another. */
async function oneOfEach(): Promise<Store> {
  const store = memoryStore();
  const pad = 'x'.repeat(4000);
  const findings = [
    finding('a before', 'a', -5 * HOUR, 'ongoing', { pad }),
    finding('a', 'a', -HOUR, 'changed', { pad }),
    finding('b before', 'b', -4 * HOUR, 'ongoing', { pad }),
    finding('b resolved', 'b', -2 * HOUR, 'resolved', { pad }),
    finding('muted', 'm', -3 * HOUR, 'ongoing', { pad, Muted: true }),
    finding('new', 'n', -6 * HOUR, 'new', { pad }),
    finding('unverified', 'u', -6 * HOUR, 'unverified', { pad }),
  ];
  for (const [index, one] of findings.entries()) await wait(store, `f${index}`, [one]);
  const others: [string, ReturnType<typeof row>][] = [
    [TABLES.registries, row('registry', -4 * HOUR, { RegistryId: 'r', pad })],
    [TABLES.credentials, row('credential', -3 * HOUR, { CredentialId: 'c', pad })],
    [TABLES.changes, row('change', -6 * HOUR, { pad })],
    [TABLES.sweeps, row('closed', -HOUR, { pad })],
  ];
  for (const [table, one] of others) await wait(store, table, [one], { table });
  return store;
}

const ORDER = [
  'a before',
  'b before',
  'registry',
  'credential',
  'change',
  'closed',
  'muted',
  'b resolved',
  'new',
  'a',
  'unverified',
];

describe('by size', () => {
  const sizeOf = async (store: Store): Promise<number> =>
    [...(await store.measure('spool/')), ...(await store.measure('refused/'))].reduce(
      (sum, { bytes }) => sum + bytes,
      0,
    );

  test('as much as may wait does wait', async () => {
    const store = await oneOfEach();
    expect(await boundSpool(store, at(0), { ...SPOOL_LIMITS, bytes: await sizeOf(store) })).toBe(0);
    expect(await waiting(store)).toHaveLength(ORDER.length);
    expect(await store.list('dropped/')).toEqual([]);
  });

  test.each([9, 8, 7, 6, 5, 4, 3, 2, 1, 0])('where %i rows may stay, these are the worst to lose', async (stay) => {
    const store = await oneOfEach();
    const one = (await sizeOf(store)) / ORDER.length;
    // An eighth more than what stays.
    const bytes = Math.round(((stay + 0.5) * one * 8) / 7);
    expect(await boundSpool(store, at(0), { ...SPOOL_LIMITS, bytes })).toBe(ORDER.length - stay);
    expect((await waiting(store)).sort()).toEqual(ORDER.slice(ORDER.length - stay).sort());
    expect(await droppedRows(store)).toBe(ORDER.length - stay);
    expect(await sizeOf(store)).toBeLessThanOrEqual(bytes);
  });

  test('of a batch only what must go', async () => {
    const store = memoryStore();
    await wait(store, 'a', [finding('f before', 'f', -2 * HOUR), finding('g', 'g', -2 * HOUR)], {
      claimedUntil: fromNow(-1),
    });
    await wait(store, 'a', [finding('f', 'f', -HOUR)]);
    const bytes = (await sizeOf(store)) - 1;
    expect(await boundSpool(store, at(0), { ...SPOOL_LIMITS, bytes })).toBe(1);
    expect(await waiting(store)).toEqual(['g', 'f']);
  });

  test('of batches of several rows no more than must go', async () => {
    const store = memoryStore();
    const names = (hour: number): string[] => ['a', 'b', 'c', 'd'].map((one) => `${one}${hour}`);
    for (const hour of [1, 2, 3])
      await wait(
        store,
        'a',
        names(hour).map((name) => row(name, hour * HOUR, { pad: 'x'.repeat(4000) })),
        {
          table: TABLES.changes,
        },
      );
    // Half of a batch is too much.
    const bytes = Math.round(((await sizeOf(store)) * (2.5 / 3) * 8) / 7);
    expect(await boundSpool(store, at(0), { ...SPOOL_LIMITS, bytes })).toBe(4);
    expect(await waiting(store)).toEqual([...names(2), ...names(3)]);
  });

  test.each([
    { limit: 1, refused: [3, 2, 1], waits: [3, 2, 1] },
    { limit: 0.99, refused: [2, 1], waits: [3, 2, 1] },
    { limit: 0.6, refused: [], waits: [3, 2, 1] },
    { limit: 0.4, refused: [], waits: [2, 1] },
  ])('what was refused for good goes before anything that waits: $limit of it may stay', async (expected) => {
    const store = memoryStore();
    const change = { pad: 'x'.repeat(4000) };
    for (const hours of [3, 2, 1]) {
      await refuse(store, finding('refused', `r${hours}`, -hours * HOUR, 'ongoing', change));
      await wait(store, 'a', [finding(String(hours), `w${hours}`, -hours * HOUR, 'resolved', change)]);
    }
    const bytes = expected.limit * (await sizeOf(store));
    const gone = 6 - expected.refused.length - expected.waits.length;
    expect(await boundSpool(store, at(0), { ...SPOOL_LIMITS, bytes })).toBe(gone);
    expect((await store.list('refused/')).map(sweepOf)).toEqual(
      expected.refused.map((h) => sweepIdOf(fromNow(-h * HOUR))),
    );
    expect(await waiting(store)).toEqual(expected.waits.map(String));
    expect(await droppedRows(store)).toBe(gone);
  });

  test('what was refused and cannot be read costs nothing that waits', async () => {
    const store = memoryStore();
    await wait(store, 'a', [finding('w', 'w', -HOUR)]);
    const bytes = await sizeOf(store);
    await store.write(`refused/${sweepIdOf(at(-HOUR).toISOString())}/a/00000.json`, 'x'.repeat(bytes));
    expect(await boundSpool(store, at(0), { ...SPOOL_LIMITS, bytes })).toBe(0);
    expect(await waiting(store)).toEqual(['w']);
  });

  test('another environment’s row about the same replaces nothing', async () => {
    const store = memoryStore();
    await wait(store, 'a', [finding('prod', 'f', -2 * HOUR, 'ongoing', { Environment: 'prod' })]);
    await wait(store, 'a', [finding('test', 'f', -HOUR, 'resolved')]);
    const bytes = (await sizeOf(store)) - 1;
    expect(await boundSpool(store, at(0), { ...SPOOL_LIMITS, bytes })).toBe(1);
    expect(await waiting(store)).toEqual(['prod']);
  });

  test('what another worker is sending stays, and so does what replaces it', async () => {
    const store = memoryStore();
    await wait(store, 'a', [finding('f before', 'f', -2 * HOUR), finding('g', 'g', -2 * HOUR)], {
      claimedUntil: fromNow(1),
    });
    await wait(store, 'a', [finding('f', 'f', -HOUR, 'resolved'), finding('h', 'h', -HOUR)]);
    expect(await boundSpool(store, at(0), NOTHING)).toBe(1);
    expect(await waiting(store)).toEqual(['f before', 'g', 'f']);
    expect(await boundSpool(store, at(1), NOTHING)).toBe(3);
    expect(await droppedRows(store)).toBe(4);
  });

  test('what cannot be read stays as it is', async () => {
    const store = memoryStore();
    const name = await wait(store, 'a', [finding('f', 'f', -8 * DAY)]);
    await store.write(name, '{"version":1,"ro');
    expect(await boundSpool(store, at(0), NOTHING)).toBe(0);
    expect((await store.read(name))?.text).toBe('{"version":1,"ro');
  });
});

describe('the count', () => {
  /** Something happens just before the first removal. */
  function beforeRemoval(inner: Store, happens: (name: string) => Promise<unknown>): Store {
    let happened = false;
    return {
      ...inner,
      async remove(name, expected) {
        if (!happened) {
          happened = true;
          await happens(name);
        }
        return inner.remove(name, expected);
      },
    };
  }

  test('a row that told of others goes with their number', async () => {
    const store = memoryStore();
    await wait(store, '~closed', [row('closed', -HOUR, { RowsDropped: 40 })], { table: TABLES.sweeps });
    expect(await boundSpool(store, at(0), NOTHING)).toBe(1);
    expect(await droppedRows(store)).toBe(41);
  });

  test('a process that dies before it drops has counted: twice rather than not at all', async () => {
    const store = memoryStore();
    await wait(store, 'a', [finding('f', 'f', -HOUR)]);
    const dying = beforeRemoval(store, () => Promise.reject(new Error('killed')));
    await expect(boundSpool(dying, at(0), NOTHING)).rejects.toThrow('killed');
    expect([await droppedRows(store), await waiting(store)]).toEqual([1, ['f']]);
    expect(await boundSpool(store, at(0), NOTHING)).toBe(1);
    expect(await droppedRows(store)).toBe(2);
  });

  test('a batch that another worker takes meanwhile is not dropped, and nothing after it is', async () => {
    const store = memoryStore();
    await wait(store, 'a', [finding('f', 'f', -2 * HOUR)]);
    await wait(store, 'a', [finding('f resolved', 'f', -HOUR, 'resolved')]);
    const contested = beforeRemoval(store, (name) =>
      store.write(name, JSON.stringify({ version: 1, table: TABLES.findings, rows: [{ name: 'taken' }] })),
    );
    expect(await boundSpool(contested, at(0), NOTHING)).toBe(0);
    expect(await waiting(store)).toEqual(['taken', 'f resolved']);
    expect(await droppedRows(store)).toBe(0);
  });

  test('of two workers neither loses what the other has counted', async () => {
    const store = memoryStore();
    await Promise.all([countDropped(store, 2), countDropped(store, 3), countDropped(store, 4)]);
    expect(await droppedRows(store)).toBe(9);
  });

  test('that cannot be read drops nothing', async () => {
    const store = memoryStore();
    await store.write('dropped/rows.json', '{"ver');
    await wait(store, 'a', [finding('f', 'f', -8 * DAY)]);
    await expect(boundSpool(store, new Date(NOW))).rejects.toThrow('dropped/rows.json in memory is damaged');
    expect(await waiting(store)).toEqual(['f']);
  });
});
