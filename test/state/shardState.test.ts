import { describe, expect, test } from 'vitest';
import type { ComparedFinding } from '../../src/model/finding.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { loadState, type ShardState, saveState } from '../../src/state/shardState.ts';
import { ABSENT, CorruptStateError, type Store } from '../../src/state/store.ts';
import { compared, NOW, report, SUB } from '../build.ts';

const NAME = `shards/${SUB}.json`;

function state(findings: ComparedFinding[], resolved: ComparedFinding[]): ShardState {
  return { version: 1, shard: SUB, sweepId: 's', sweptAt: NOW, findings, registries: [], resolved, report: report() };
}

async function kept(findings: ComparedFinding[], resolved: ComparedFinding[] = []): Promise<Store> {
  const store = memoryStore();
  await saveState(store, state(findings, resolved), ABSENT);
  return store;
}

async function textIn(store: Store): Promise<string> {
  return (await store.read(NAME))?.text ?? '';
}

/** The state as it was saved; throws what looking at its findings throws. */
async function whole(store: Store): Promise<object | undefined> {
  const { state } = await loadState(store, SUB);
  return state && { ...state, findings: [...state.findings], resolved: [...(state.resolved ?? [])] };
}

const AWKWARD = compared({ reason: 'two\nlines, ],"resolved":[ and ☕', findingId: 'a' });
const OPEN = [AWKWARD, compared({ findingId: 'b' }), compared({ findingId: 'c' })];
const GONE = [compared({ findingId: 'd', status: 'resolved', statusReason: 'fixed' })];

describe('what was found is read as it was saved', () => {
  test.each([
    ['nothing', [], []],
    ['open findings', OPEN, []],
    ['resolved ones', [], GONE],
    ['both', OPEN, GONE],
  ])('%s', async (_what, findings, resolved) => {
    expect(await whole(await kept(findings, resolved))).toEqual(state(findings, resolved));
  });

  test('as often as it is looked at', async () => {
    const { state } = await loadState(await kept(OPEN), SUB);
    const ids = (): string[] => [...(state?.findings ?? [])].map(({ findingId }) => findingId);
    expect([ids(), ids()]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
  });

  test('as one JSON document with a line for each', async () => {
    const text = await textIn(await kept(OPEN, GONE));
    expect(JSON.parse(text)).toEqual(state(OPEN, GONE));
    expect(text.split('\n')).toHaveLength(1 + OPEN.length + 1 + GONE.length + 1);
  });

  test('on one line too, as earlier versions wrote it', async () => {
    const store = memoryStore();
    await store.write(NAME, JSON.stringify(state(OPEN, GONE)));
    expect(await whole(store)).toEqual(state(OPEN, GONE));
  });
});

describe('what is damaged is told as such', () => {
  test('wherever it was cut off', async () => {
    const text = await textIn(await kept(OPEN, GONE));
    const store = memoryStore();
    for (let end = 0; end < text.length; end += 7) {
      await store.write(NAME, text.slice(0, end));
      await expect(whole(store), `after ${end} characters`).rejects.toThrow(CorruptStateError);
    }
  });

  test('in one of its lines, as soon as that is looked at', async () => {
    const store = await kept(OPEN);
    await store.write(NAME, (await textIn(store)).replace('{"findingId":"b"', '{"findingId:"b"'));
    await expect(loadState(store, SUB)).resolves.toMatchObject({ state: { sweepId: 's' } });
    await expect(whole(store)).rejects.toThrow(`${NAME} in memory is damaged; nothing was overwritten.`);
  });
});
