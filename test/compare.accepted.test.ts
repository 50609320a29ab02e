import { expect, test } from 'vitest';
import { type Comparison, compare } from '../src/compare.ts';
import { compared, gap, NOW, registryId } from './build.ts';

const SHOP = registryId('shop');
const DRIFT = { checkId: 'public-access-drift', findingId: 'd1' };
const TOKEN = { checkId: 'token-password-expired', findingId: 't1', subject: 'ci/password1' };

function reasonOf(previous: Parameters<typeof compared>[0], change: Partial<Comparison>): string {
  const all = compare({
    previous: [compared(previous)],
    current: [],
    gaps: [],
    deleted: [],
    stillDiffers: ({ resourceId }) => resourceId === SHOP,
    sweptAt: NOW,
    needsOf: () => ['registries'],
    inScope: () => true,
    ...change,
  });
  return all.map(({ status, statusReason }) => statusReason || status).join();
}

test.each<[string, Parameters<typeof compared>[0], Partial<Comparison>, string]>([
  ['drift whose posture was accepted', DRIFT, {}, 'accepted'],
  ['drift that was put back', DRIFT, { stillDiffers: () => false }, 'fixed'],
  ['drift of another registry', { ...DRIFT, resourceId: registryId('pay') }, {}, 'fixed'],
  ['another finding of that registry', TOKEN, {}, 'fixed'],
  ['drift of a registry that is gone', DRIFT, { deleted: [SHOP] }, 'deleted'],
  ['drift behind a gap', DRIFT, { gaps: [gap()] }, 'unverified'],
  ['drift of a check that is switched off', DRIFT, { needsOf: () => undefined }, 'out-of-scope'],
])('%s', (_what, previous, change, expected) => {
  expect(reasonOf(previous, change)).toBe(expected);
});
