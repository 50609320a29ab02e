import { expect, test } from 'vitest';
import { exportedRules } from '../../../src/cli/render/baseline.ts';
import type { Exposure, Registry } from '../../../src/model/estate.ts';
import { expectedByPolicy } from '../../../src/model/expectation.ts';
import { type ExpectationOrigin, POSTURE_FIELDS, type Posture } from '../../../src/model/posture.ts';
import { parsePolicy } from '../../../src/policy.ts';
import { postureOf } from '../../../src/posture.ts';
import { NOW, OTHER_SUB, registry, registryId, SUB } from '../../build.ts';

type Origins = Partial<Record<keyof Posture, ExpectationOrigin>>;

/** The rule of one registry of which this is expected, as text and as the policy reads it. */
function exported(change: Partial<Posture>, origins: Origins = {}, rest: ExpectationOrigin = 'first-seen') {
  const posture = { ...postureOf(registry()), ...change };
  const fields = POSTURE_FIELDS.map((field) => {
    const value = posture[field];
    return { field, expected: value, origin: origins[field] ?? rest, live: value, differs: false };
  });
  const text = exportedRules([{ name: 'shop', registryId: registryId('shop'), firstSeenAt: NOW, fields }]);
  return { text, rule: parsePolicy(text, 'exported.yaml').network[0]?.expect };
}

const OPEN = { exposure: 'public', anonymousPull: true, adminUser: true, exportPolicy: 'enabled' } as const;
const { ipRules: _, ...PRIVATE } = postureOf(registry());

test('expects what is expected now', () => {
  expect(exported({})).toEqual({ text: expect.not.stringContaining('#'), rule: PRIVATE });
  const firewall: Partial<Posture> = {
    exposure: 'selected-networks',
    ipRules: ['203.0.113.0/24'],
    exportPolicy: 'enabled',
  };
  expect(exported(firewall).rule).toEqual({ ...PRIVATE, ...firewall });
});

test('does not accept what opens a registry and was only seen first', () => {
  const { text, rule } = exported(OPEN);
  const { exposure: _exposure, anonymousPull: _pull, adminUser: _admin, ...others } = PRIVATE;
  expect(rule).toEqual({ ...others, exportPolicy: 'enabled' });
  expect(text.split('\n').filter((line) => line.includes('#'))).toEqual([
    '  # Everybody reaches it. Where that is meant: exposure: public',
    '  # Anybody pulls from it without signing in. Where that is meant: anonymousPull: true',
    '  # Its admin account is on. Where that is meant: an exception for admin-account-enabled',
  ]);
});

test.each<ExpectationOrigin>(['accepted', 'policy'])('what opens it is kept by the word of somebody: %s', (origin) => {
  expect(exported(OPEN, {}, origin).rule).toMatchObject(OPEN);
});

test.each<[string, Partial<Posture>, Origins, Posture['exportPolicy'] | undefined]>([
  ['beside a firewall', { exposure: 'selected-networks' }, {}, undefined],
  ['where it was accepted as public', { exposure: 'public' }, { exposure: 'accepted' }, undefined],
  ['where it was only seen as public', { exposure: 'public' }, {}, 'disabled'],
  ['where it is private', {}, {}, 'disabled'],
])('an export that the policy wants off, %s', (_what, posture, origins, expected) => {
  const { text, rule } = exported({ ...posture, exportPolicy: 'disabled' }, { exportPolicy: 'policy', ...origins });
  expect(rule?.exportPolicy).toBe(expected);
  expect(text.includes('# Azure takes exportPolicy: disabled only')).toBe(expected === undefined);
});

test('of no registry at all', () => {
  expect(parsePolicy(exportedRules([]), 'exported.yaml').network).toEqual([]);
});

function shown({ name, id }: Registry, expected: Exposure) {
  const exposure = { field: 'exposure', expected, origin: 'accepted', live: null, differs: false } as const;
  return { name, registryId: id, firstSeenAt: NOW, fields: [exposure] };
}

test('what is exported is a policy that expects it, of registries of one name too', () => {
  const [shop, other, pay] = [
    registry(),
    registry({ name: 'SHOP', subscriptionId: OTHER_SUB }),
    registry({ name: 'pay' }),
  ];
  const text = exportedRules([shown(pay, 'public'), shown(shop, 'private'), shown(other, 'selected-networks')]);
  const policy = parsePolicy(text, 'warden.yaml');
  expect([pay, shop, other].map((one) => expectedByPolicy(one, policy)?.exposure)).toEqual([
    'public',
    'private',
    'selected-networks',
  ]);
  expect(policy.network.map(({ expect: _, ...selector }) => selector)).toEqual([
    { registry: 'pay' },
    { registry: 'shop', resourceGroup: 'rg', subscription: SUB },
    { registry: 'SHOP', resourceGroup: 'rg', subscription: OTHER_SUB },
  ]);
});
