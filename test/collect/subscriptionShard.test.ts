import { describe, expect, test } from 'vitest';
import type { Wire } from '../../simulator/estate.ts';
import { collectSubscription, type SubscriptionScope } from '../../src/collect/subscriptionShard.ts';
import { sourcesOf } from '../../src/judge.ts';
import { only, registryId, SUB, subscription, TENANT } from '../build.ts';
import { estateOf, noMemory, simulated, wireRegistry, wireToken } from '../wire.ts';

const ENDLESS = { name: 'password1', expiry: null };

/** What is asked for the checks of tokens, and nothing else. */
async function collected(
  resources: (Wire & { id: string })[],
  known: string[] = [],
  options: Parameters<typeof simulated>[1] = {},
  other: Partial<SubscriptionScope> = {},
) {
  const { simulator, azure } = simulated(estateOf(resources), options);
  const facts = await collectSubscription(azure, {
    tenantId: TENANT,
    subscription: subscription(),
    part: { subscriptionId: SUB, part: 1, parts: 1 },
    known,
    notReached: {},
    memory: noMemory(),
    inScope: ({ tags }) => tags['acr-warden'] !== 'ignore',
    needed: sourcesOf(SUB, only('token-password-expired')),
    ...other,
  });
  const asked = simulator.requests.map(({ path }) => path.split('/').slice(-2).join('/'));
  return { facts, asked };
}

describe('requests', () => {
  const cases: [string, (Wire & { id: string })[], string[]][] = [
    ['an empty subscription costs one', [], ['Microsoft.ContainerRegistry/registries']],
    ['a registry costs one more', [wireRegistry('shop')], ['Microsoft.ContainerRegistry/registries', 'shop/tokens']],
    [
      'scope maps are read where somebody can sign in',
      [wireRegistry('shop'), wireToken('shop', 'ci', [ENDLESS])],
      ['Microsoft.ContainerRegistry/registries', 'shop/tokens', 'shop/scopeMaps'],
    ],
    [
      'a token without a password signs nobody in',
      [wireRegistry('shop'), wireToken('shop', 'ci', [])],
      ['Microsoft.ContainerRegistry/registries', 'shop/tokens'],
    ],
    [
      'nor does one that is disabled',
      [wireRegistry('shop'), wireToken('shop', 'ci', [ENDLESS], { status: 'disabled' })],
      ['Microsoft.ContainerRegistry/registries', 'shop/tokens'],
    ],
    [
      'what the policy leaves alone is not asked for anything',
      [wireRegistry('shop', {}, { tags: { 'acr-warden': 'ignore' } })],
      ['Microsoft.ContainerRegistry/registries'],
    ],
  ];
  test.each(cases)('%s', async (_what, resources, expected) => {
    const { asked, facts } = await collected(resources);
    expect({ asked, gaps: facts.gaps }).toEqual({ asked: expected, gaps: [] });
  });
});

test('what the policy leaves alone is known to be excluded', async () => {
  const { facts } = await collected([
    wireRegistry('shop', {}, { tags: { 'acr-warden': 'ignore' } }),
    wireRegistry('pay'),
  ]);
  expect({ registries: facts.registries.map(({ name }) => name), excluded: facts.excluded }).toEqual({
    registries: ['pay'],
    excluded: [registryId('shop')],
  });
});

describe('what was there last time and is not listed now', () => {
  test('is asked for, one by one', async () => {
    const { asked, facts } = await collected([wireRegistry('shop')], [registryId('shop'), registryId('old')]);
    expect(asked).toEqual(['Microsoft.ContainerRegistry/registries', 'registries/old', 'shop/tokens']);
    expect(facts.deleted).toEqual([registryId('old')]);
  });

  test('in another letter case it is the same', async () => {
    const { facts, asked } = await collected([wireRegistry('shop')], [registryId('shop').toUpperCase()]);
    expect(facts.deleted).toEqual([]);
    expect(asked).toEqual(['Microsoft.ContainerRegistry/registries', 'shop/tokens']);
  });

  test('is not asked for behind a list that broke', async () => {
    const faults = [{ match: { path: /registries\?/ }, effect: { kind: 'status' as const, status: 403 } }];
    const { facts, asked } = await collected([], [registryId('old')], { faults });
    expect(asked).toEqual(['Microsoft.ContainerRegistry/registries']);
    expect({ deleted: facts.deleted, gaps: facts.gaps.length }).toEqual({ deleted: [], gaps: 1 });
  });
});

describe('the Defender plan is asked for where there may be a registry to look after', () => {
  const needed = sourcesOf(SUB, { ...only('defender-plan-disabled'), profile: 'full' });
  const whole = { subscriptionId: SUB, part: 1, parts: 1 };
  const shop = [wireRegistry('shop')];
  const fails = (path: RegExp, status: number) => ({
    faults: [{ match: { path }, effect: { kind: 'status' as const, status } }],
  });
  const cases: [
    string,
    (Wire & { id: string })[],
    SubscriptionScope['part'],
    boolean,
    Parameters<typeof simulated>[1]?,
  ][] = [
    ['a registry', shop, whole, true],
    ['none', [], whole, false],
    ['none that the policy wants', [wireRegistry('shop', {}, { tags: { 'acr-warden': 'ignore' } })], whole, false],
    ['a list that broke: then all is unverified', [], whole, false, fails(/registries\?/, 403)],
    ['one that is listed and not there', shop, whole, true, fails(/registries\/shop/, 404)],
    ['the first part, whose registries are all of others', [], { ...whole, parts: 2 }, true],
    ['another part', shop, { ...whole, part: 2, parts: 2 }, false],
  ];
  test.each(cases)('%s', async (_what, resources, part, isAsked, options = {}) => {
    const { asked } = await collected(resources, [], options, { needed, part });
    expect(asked.some((path) => path.includes('pricings'))).toBe(isAsked);
  });
});
