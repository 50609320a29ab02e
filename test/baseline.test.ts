import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accept, driftOf, expectedPosture, firstSeen, isOf, lastWord, movedFrom } from '../src/baseline.ts';
import type { Registry } from '../src/model/estate.ts';
import { type Baseline, POSTURE_FIELDS, type PostureField } from '../src/model/posture.ts';
import { postureOf } from '../src/posture.ts';
import { fromNow, NOW, OTHER_SUB, registry, registryId } from './build.ts';

const SEED = 20261124;
/** A registry whose rules count, so that every field is measured. */
const WEB = registry({ publicNetworkAccess: 'Enabled', exposure: 'selected-networks', ipRules: ['203.0.113.0/24'] });

describe('what is expected', () => {
  const seen = firstSeen(registry(), NOW);
  const accepted = accept(seen, postureOf(registry({ adminUserEnabled: true })), { at: NOW, by: 'ana', reason: 'x' });

  test('is nothing where nobody speaks', () => {
    expect(expectedPosture(undefined, undefined)).toEqual({ values: {}, origins: {} });
  });

  test('is what was seen first', () => {
    const { values, origins } = expectedPosture(undefined, seen);
    expect(values).toEqual(postureOf(registry()));
    expect(new Set(Object.values(origins))).toEqual(new Set(['first-seen']));
  });

  test('is what was accepted before what was seen first', () => {
    const { values, origins } = expectedPosture(undefined, accepted);
    expect([values.adminUser, origins.adminUser, origins.exposure]).toEqual([true, 'accepted', 'accepted']);
  });

  test('is what the policy says of a field before both, and only of that field', () => {
    const { values, origins } = expectedPosture({ exposure: 'public', adminUser: false }, accepted);
    expect([values.exposure, origins.exposure]).toEqual(['public', 'policy']);
    expect([values.adminUser, origins.adminUser]).toEqual([false, 'policy']);
    expect([values.bypass, origins.bypass]).toEqual(['None', 'accepted']);
  });

  test('remembers what an acceptance replaced', () => {
    expect(accepted.accepted?.replaced).toEqual(postureOf(registry()));
    expect(accepted.firstSeen).toEqual(seen.firstSeen);
  });
});

describe('drift', () => {
  /** One change of each field, away from what {@link WEB} is. */
  const OTHERWISE: Record<PostureField, Partial<Registry>> = {
    exposure: { exposure: 'public', defaultAction: 'Allow' },
    ipRules: { ipRules: ['203.0.113.0/24', '198.51.100.7/32'] },
    bypass: { networkRuleBypass: 'AzureServices' },
    tasksBypass: { tasksBypass: true },
    anonymousPull: { anonymousPullEnabled: true },
    exportPolicy: { exportEnabled: true },
    armAudienceTokens: { armAudienceTokens: true },
    adminUser: { adminUserEnabled: true },
    dataEndpoint: { dataEndpointEnabled: false },
  };
  const anyRule = fc
    .tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 }))
    .map(([address, prefix]) => `${address}/${prefix}`);
  const anyRegistry = fc
    .record({
      exposure: fc.constantFrom('private' as const, 'selected-networks' as const, 'public' as const),
      sku: fc.constantFrom('Basic' as const, 'Standard' as const, 'Premium' as const),
      ipRules: fc.array(anyRule, { maxLength: 6 }),
      networkRuleBypass: fc.constantFrom('AzureServices' as const, 'None' as const),
      tasksBypass: fc.boolean(),
      anonymousPullEnabled: fc.boolean(),
      exportEnabled: fc.boolean(),
      armAudienceTokens: fc.boolean(),
      adminUserEnabled: fc.boolean(),
      dataEndpointEnabled: fc.boolean(),
    })
    .map(registry);
  const fieldsOf = (live: Registry, seen: Registry) =>
    driftOf(live, expectedPosture(undefined, firstSeen(seen, NOW))).map(({ field }) => field);

  test('is none where a registry is as expected', () => {
    fc.assert(
      fc.property(anyRegistry, (one) => {
        expect(fieldsOf(one, one)).toEqual([]);
      }),
      { seed: SEED },
    );
  });

  test.each(POSTURE_FIELDS)('names %s alone when that alone has changed', (field) => {
    const changed = { ...WEB, ...OTHERWISE[field] };
    expect([fieldsOf(changed, WEB), fieldsOf(WEB, changed)]).toEqual([[field], [field]]);
  });

  test('names a field that changed, whatever the others are', () => {
    fc.assert(
      fc.property(anyRegistry, fc.constantFrom('adminUser' as const, 'anonymousPull' as const), (one, field) => {
        const key = field === 'adminUser' ? 'adminUserEnabled' : 'anonymousPullEnabled';
        expect(fieldsOf({ ...one, [key]: !one[key] }, one)).toEqual([field]);
      }),
      { seed: SEED },
    );
  });

  test('minds neither the order of the rules nor how they are cut', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { minLength: 1, maxLength: 8 }), fc.infiniteStream(fc.nat()), (rules, random) => {
        const cut = rules.flatMap((rule) => {
          const [address = '', prefix = ''] = rule.split('/');
          return prefix === '32' ? [rule] : [rule, `${address}/${Number(prefix) + 1}`];
        });
        const shuffled = cut
          .map((rule) => ({ rule, at: random.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ rule }) => rule);
        expect(fieldsOf({ ...WEB, ipRules: shuffled }, { ...WEB, ipRules: rules })).toEqual([]);
      }),
      { seed: SEED },
    );
  });

  test('is none after the posture was accepted', () => {
    fc.assert(
      fc.property(anyRegistry, anyRegistry, (seen, live) => {
        const accepted = accept(firstSeen(seen, NOW), postureOf(live), { at: NOW, by: 'ana', reason: 'x' });
        expect(driftOf(live, expectedPosture(undefined, accepted))).toEqual([]);
      }),
      { seed: SEED },
    );
  });

  test('survives being kept: what went through JSON is still equal', () => {
    const kept = JSON.parse(JSON.stringify(firstSeen(WEB, NOW)));
    expect(driftOf(WEB, expectedPosture(undefined, kept))).toEqual([]);
  });
});

describe('whose baseline it is', () => {
  const made = { createdOn: '2024-03-01T08:00:00.123Z' };
  const kept = firstSeen(registry(made), NOW);

  test.each([
    ['the same registry', registry(made), true],
    ['its id in other letters', registry({ ...made, id: registryId('shop').toUpperCase() }), true],
    ['made again later under its name', registry({ createdOn: NOW }), false],
    ['without a date, which cannot be told apart', registry(), true],
    ['another registry', registry({ ...made, name: 'pay' }), false],
  ])('%s', (_what, one, expected) => {
    expect(isOf(kept, one)).toBe(expected);
  });

  test.each([
    ['moved to another subscription', registry({ ...made, subscriptionId: OTHER_SUB }), true],
    ['still where it was', registry(made), false],
    ['another of that name, made later', registry({ subscriptionId: OTHER_SUB, createdOn: NOW }), false],
    ['without a date', registry({ subscriptionId: OTHER_SUB }), false],
    ['another name', registry({ ...made, name: 'workshop', subscriptionId: OTHER_SUB }), false],
  ])('moved: %s', (_what, one, expected) => {
    expect(movedFrom(kept, one)).toBe(expected);
  });

  const posture = postureOf(registry());
  const later = firstSeen(registry(made), fromNow(60));
  const accepted = accept(later, posture, { at: fromNow(120), by: 'ana', reason: 'x' });
  const acceptedLast = accept(kept, posture, { at: fromNow(180), by: 'ana', reason: 'x' });

  const rebuilt = { ...later, rebuiltAt: fromNow(150) };

  test.each<[string, Baseline[], Baseline | undefined]>([
    ['none', [], undefined],
    ['rebuilt since it was accepted elsewhere', [accepted, rebuilt, kept], rebuilt],
    ['accepted since', [rebuilt, acceptedLast], acceptedLast],
    ['seen first of all', [later, kept], kept],
    ['accepted, though seen later', [kept, accepted], accepted],
    ['accepted last', [accepted, acceptedLast, kept], acceptedLast],
  ])('of several that a registry had: %s', (_what, had, expected) => {
    expect(lastWord(had)).toBe(expected);
    expect(lastWord(had.toReversed())).toBe(expected);
  });
});
