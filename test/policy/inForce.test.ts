import { expect, test } from 'vitest';
import { policyInForce, takePolicy } from '../../src/policy/inForce.ts';
import { DEFAULT_POLICY } from '../../src/policy.ts';
import { memoryStore } from '../../src/state/memory.ts';
import type { Store } from '../../src/state/store.ts';

const NAME = 'policy/warden.yaml';
const FULL = 'profile: full\n';
const WIDE = 'widestRange: 8\n';
const BAD = 'profile: fulll\nsurprise: 1\n';
const PROBLEMS = [`${NAME}:1:10: profile: must be auth or full`, `${NAME}:2:1: surprise: unknown key 'surprise'`];

/** The policy in force after each of these uploads was seen by a sweep; undefined: it was taken away. */
async function after(uploads: (string | undefined)[], store: Store = memoryStore()) {
  let taken = await takePolicy(store);
  for (const upload of uploads) {
    if (upload === undefined) await store.remove(NAME);
    else await store.write(NAME, upload);
    taken = await takePolicy(store);
  }
  return taken;
}

function problem(inForce: 'last-good' | 'default') {
  return { place: 'memory', name: NAME, problems: PROBLEMS, inForce };
}

test.each<{ what: string; uploads: (string | undefined)[]; expected: unknown }>([
  { what: 'nothing was uploaded: the default', uploads: [], expected: { policy: DEFAULT_POLICY } },
  { what: 'a good one holds', uploads: [FULL], expected: { policy: { ...DEFAULT_POLICY, profile: 'full' } } },
  {
    what: 'a bad one leaves the last good one in force, and says so',
    uploads: [FULL, WIDE, BAD],
    expected: { policy: { ...DEFAULT_POLICY, widestRange: 8 }, policyProblem: problem('last-good') },
  },
  {
    what: 'it stays in force however often the bad one is read',
    uploads: [WIDE, BAD, BAD, BAD],
    expected: { policy: { ...DEFAULT_POLICY, widestRange: 8 }, policyProblem: problem('last-good') },
  },
  {
    what: 'a mended one holds again',
    uploads: [WIDE, BAD, FULL],
    expected: { policy: { ...DEFAULT_POLICY, profile: 'full' } },
  },
  {
    what: 'a bad one with nothing before it: the default, and it says so',
    uploads: [BAD],
    expected: { policy: DEFAULT_POLICY, policyProblem: problem('default') },
  },
  {
    what: 'one that was taken away does not come back behind a bad one',
    uploads: [FULL, undefined, BAD],
    expected: { policy: DEFAULT_POLICY, policyProblem: problem('default') },
  },
])('$what', async ({ uploads, expected }) => {
  expect(await after(uploads)).toEqual(expected);
});

test('a wrong text where a network is wanted is a bad policy like any other', async () => {
  const bad = 'network: [{ registry: shop, expect: { ipRules: [office] } }]\n';
  const { policy, policyProblem } = await after([FULL, bad]);
  expect({ policy, inForce: policyProblem?.inForce }).toEqual({
    policy: { ...DEFAULT_POLICY, profile: 'full' },
    inForce: 'last-good',
  });
});

test('a last good one that this version refuses is left aside', async () => {
  const store = memoryStore();
  await store.write('policy/last-good.yaml', 'removedKey: 1\n');
  expect(await after([BAD], store)).toEqual({ policy: DEFAULT_POLICY, policyProblem: problem('default') });
});

test('a good one is written once, and looking alone writes nothing', async () => {
  const store = memoryStore();
  await after([FULL], store);
  const before = (await store.read('policy/last-good.yaml'))?.etag;
  await takePolicy(store);
  expect((await store.read('policy/last-good.yaml'))?.etag).toBe(before);
  await store.write(NAME, WIDE);
  expect(await policyInForce(store)).toEqual({ policy: { ...DEFAULT_POLICY, widestRange: 8 } });
  expect((await store.read('policy/last-good.yaml'))?.text).toBe(FULL);
});

test('a store that cannot be read is no bad policy', async () => {
  const store = { ...memoryStore(), read: () => Promise.reject(new Error('cannot read blob')) };
  await expect(takePolicy(store)).rejects.toThrow('cannot read blob');
});
