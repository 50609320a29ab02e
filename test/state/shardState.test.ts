import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ComparedFinding } from '../../src/model/finding.ts';
import { TENANT_SHARD } from '../../src/model/sweep.ts';
import { folderStore } from '../../src/state/folder.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { loadState, type ShardState, saveState, sweptShards } from '../../src/state/shardState.ts';
import { ABSENT, CorruptStateError, type Store } from '../../src/state/store.ts';
import { compared, NOW, report, SUB } from '../build.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acr-warden-shard-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SHARDS = [SUB, TENANT_SHARD];
const nameOf = (shard: string): string => `shards/${shard}.json`;

function state(findings: ComparedFinding[], resolved: ComparedFinding[], shard = SUB): ShardState {
  return { version: 1, shard, sweepId: 's', sweptAt: NOW, findings, registries: [], resolved, report: report() };
}

async function kept(shard: string, findings: ComparedFinding[], resolved: ComparedFinding[] = []): Promise<Store> {
  const store = memoryStore();
  await saveState(store, state(findings, resolved, shard), ABSENT);
  return store;
}

async function textIn(store: Store, shard: string): Promise<string> {
  return (await store.read(nameOf(shard)))?.text ?? '';
}

/** The state as it was saved; throws what looking at its findings throws. */
async function whole(store: Store, shard: string): Promise<object | undefined> {
  const { state } = await loadState(store, shard);
  return state && { ...state, findings: [...state.findings], resolved: [...(state.resolved ?? [])] };
}

const AWKWARD = compared({ reason: 'two\nlines, ],"resolved":[ and ☕', findingId: 'a' });
const OPEN = [AWKWARD, compared({ findingId: 'b' }), compared({ findingId: 'c' })];
const GONE = [compared({ findingId: 'd', status: 'resolved', statusReason: 'fixed' })];

describe.each(SHARDS)('what was found is read as it was saved: %s', (shard) => {
  test.each([
    ['nothing', [], []],
    ['open findings', OPEN, []],
    ['resolved ones', [], GONE],
    ['both', OPEN, GONE],
  ])('%s', async (_what, findings, resolved) => {
    expect(await whole(await kept(shard, findings, resolved), shard)).toEqual(state(findings, resolved, shard));
  });

  test('as often as it is looked at', async () => {
    const { state } = await loadState(await kept(shard, OPEN), shard);
    const ids = (): string[] => [...(state?.findings ?? [])].map(({ findingId }) => findingId);
    expect([ids(), ids()]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
  });

  test('as one JSON document with a line for each', async () => {
    const text = await textIn(await kept(shard, OPEN, GONE), shard);
    expect(JSON.parse(text)).toEqual(state(OPEN, GONE, shard));
    expect(text.split('\n')).toHaveLength(1 + OPEN.length + 1 + GONE.length + 1);
  });

  test('on one line too, as earlier versions wrote it', async () => {
    const store = memoryStore();
    await store.write(nameOf(shard), JSON.stringify(state(OPEN, GONE, shard)));
    expect(await whole(store, shard)).toEqual(state(OPEN, GONE, shard));
  });
});

describe.each(SHARDS)('what is damaged is told as such: %s', (shard) => {
  test('wherever it was cut off', async () => {
    const text = await textIn(await kept(shard, OPEN, GONE), shard);
    const store = memoryStore();
    for (let end = 0; end < text.length; end += 7) {
      await store.write(nameOf(shard), text.slice(0, end));
      await expect(whole(store, shard), `after ${end} characters`).rejects.toThrow(CorruptStateError);
    }
  });

  test.each([
    ['memory', 'b'],
    ['a folder', 'b'],
    ['memory', 'd'],
  ])('in one of its lines, as soon as that is looked at: %s, finding %s', async (place, id) => {
    const store = place === 'memory' ? memoryStore() : folderStore(folder);
    await saveState(store, state(OPEN, GONE, shard), ABSENT);
    await store.write(
      nameOf(shard),
      (await textIn(store, shard)).replace(`{"findingId":"${id}"`, `{"findingId:"${id}"`),
    );
    const read = whole(store, shard);
    await expect(read).rejects.toThrow(CorruptStateError);
    await expect(read).rejects.toThrow(`${nameOf(shard)} in ${store.place} is damaged; nothing was overwritten.`);
  });
});

test('of a subscription the sweep before is known although one of its findings is damaged', async () => {
  const store = await kept(SUB, OPEN);
  await store.write(nameOf(SUB), (await textIn(store, SUB)).replace('{"findingId":"b"', '{"findingId:"b"'));
  await expect(loadState(store, SUB)).resolves.toMatchObject({ state: { sweepId: 's' } });
});

test('what lies beside the states of shards is no shard', async () => {
  const store = memoryStore();
  for (const shard of [TENANT_SHARD, SUB, `${SUB}~1of2`]) await saveState(store, state([], [], shard), ABSENT);
  const strays = ['.DS_Store', '.json', `${SUB}.json.bak`, `${SUB} copy.json`, `${SUB}~a.json`, 'old/tenant.json'];
  for (const stray of strays) await store.write(`shards/${stray}`, '');
  expect(await sweptShards(store)).toEqual([SUB, TENANT_SHARD, `${SUB}~1of2`].sort());
});
