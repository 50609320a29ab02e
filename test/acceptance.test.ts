import { expect, test } from 'vitest';
import { acceptanceOf } from '../src/acceptance.ts';
import { firstSeen } from '../src/baseline.ts';
import type { Snapshot } from '../src/model/change.ts';
import { postureOf, settingsOf } from '../src/posture.ts';
import { fromNow, NOW, registry } from './build.ts';

const shop = registry();
const open = registry({ exposure: 'public', publicNetworkAccess: 'Enabled', defaultAction: 'Allow' });
const given = { at: NOW, by: 'mia@contoso.com', reason: 'the vendor needs it' };
const accepted = { ...given, posture: postureOf(open), replaced: postureOf(shop) };
const baseline = { ...firstSeen(shop, fromNow(-60)), accepted };

function before(acceptedAt?: string): Snapshot {
  const kept = {
    registryId: shop.id,
    settings: settingsOf(shop),
    lastChanges: {},
    expected: { values: {}, origins: {} },
  };
  return { ...kept, ...(acceptedAt && { acceptedAt }) };
}

test.each<[string, Parameters<typeof acceptanceOf>, string[]]>([
  ['of a registry that no sweep has seen', [baseline, undefined], ['exposure']],
  ['of one that was accepted otherwise before', [baseline, before(fromNow(-60))], ['exposure']],
  ['not where the last sweep has, and the baseline does not say so yet', [baseline, before(NOW)], []],
  ['not where the baseline says so', [{ ...baseline, accepted: { ...accepted, told: true } }, before()], []],
  ['not where nothing was accepted', [firstSeen(shop, NOW), before()], []],
  ['not where nothing is kept', [undefined, before()], []],
])('an acceptance is told of, %s', (_what, asked, expected) => {
  expect(acceptanceOf(...asked).map(({ property }) => property)).toEqual(expected);
});
