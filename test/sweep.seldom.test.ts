import { describe, expect, test } from 'vitest';
import type { Wire } from '../simulator/estate.ts';
import { only } from './build.ts';
import { at, createLab } from './reliability/lab.ts';
import { estateOf, wireRegistry } from './wire.ts';

describe('the usages of a registry are read again in the next hour', () => {
  const firewall = (...virtualNetworkRules: Wire[]) => ({
    networkRuleSet: { defaultAction: 'Deny', virtualNetworkRules },
  });
  const before = firewall({ id: '/subscriptions/x/subnets/s', action: 'Allow' });
  const cases: [string, Wire | undefined, number][] = [
    ['not where nothing changed', undefined, 0],
    ['where something changed that is not watched', { properties: firewall() }, 1],
    ['not where a tag changed', { tags: { costCenter: '7' } }, 0],
  ];
  test.each(cases)('%s', async (_what, change, expected) => {
    const shop = wireRegistry('shop', { publicNetworkAccess: 'Enabled', ...before });
    const lab = await createLab({
      estate: estateOf([shop], { timeline: change ? [{ at: at(0, 30), merge: { id: shop.id, ...change } }] : [] }),
      policy: only('usage-near-limit'),
    });
    await lab.hour(0);
    lab.simulator.requests.length = 0;
    await lab.hour(1);
    expect(lab.simulator.requests.filter(({ path }) => /listUsages/.test(path))).toHaveLength(expected);
  });
});
