import { describe, expect, test } from 'vitest';
import type { NotReached } from '../src/collect/waiting.ts';
import type { Finding } from '../src/model/finding.ts';
import type { Gap } from '../src/model/gap.ts';
import { isOfOtherCut, notReachedOf, toldOnce } from '../src/tellGaps.ts';
import { finding, gap, registryId, SUB } from './build.ts';

const [ONE, TWO] = [`${SUB}~1of2`, `${SUB}~2of2`];
const PLACE = `/subscriptions/${SUB}`;
const [SHOP, PAY, WEB] = [registryId('shop'), registryId('pay'), registryId('web')];
const ZONE = `${PLACE}/resourceGroups/rg/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io`;

const LIST = gap();
const TOKENS = gap({ source: 'tokens', scope: SHOP });
const RECORDS = gap({ source: 'privateDnsRecords', scope: ZONE, blinds: [SHOP, PAY] });

function late(source: Gap['source'], scope: string, blinds?: string[]): Gap {
  return gap({ source, scope, code: 'NotReached', reason: 'no time', ...(blinds && { blinds }) });
}

describe('a gap is told', () => {
  const cases: [string, string, Gap[], Gap[]][] = [
    ['as it is', SUB, [LIST, TOKENS, RECORDS], [LIST, TOKENS, RECORDS]],
    ['as it is, by the tenant too', 'tenant', [LIST], [LIST]],
    ['by the first part, if it is of the subscription', ONE, [LIST, TOKENS], [LIST, TOKENS]],
    ['not again by the second', TWO, [LIST, TOKENS], [{ ...LIST, toldElsewhere: true }, TOKENS]],
    [
      'by each part under a name of its own, if registries of several may stand behind it',
      TWO,
      [RECORDS],
      [{ ...RECORDS, toldAt: { resourceId: ZONE, subject: 'privateDnsRecords, part 2 of 2' } }],
    ],
    [
      'once for each source that time was too short for',
      SUB,
      [late('tokens', SHOP), TOKENS, late('usages', SHOP), late('tokens', PAY), late('tokens', ZONE, [WEB])],
      [
        TOKENS,
        {
          ...late('tokens', SHOP, [PAY, ZONE, WEB]),
          reason: 'no time, and as little of 3 more',
          toldAt: { resourceId: PLACE, subject: 'tokens' },
        },
        { ...late('usages', SHOP, []), toldAt: { resourceId: PLACE, subject: 'usages' } },
      ],
    ],
    [
      'by each part that time was too short for, even for the list',
      TWO,
      [late('registries', PLACE)],
      [{ ...late('registries', PLACE, []), toldAt: { resourceId: PLACE, subject: 'registries, part 2 of 2' } }],
    ],
    [
      'there too under one name, whichever registry is the first that was not reached',
      TWO,
      [late('tokens', PAY)],
      [{ ...late('tokens', PAY, []), toldAt: { resourceId: PLACE, subject: 'tokens, part 2 of 2' } }],
    ],
    [
      'by the tenant once for each source, too',
      'tenant',
      [late('roleAssignments', PLACE)],
      [{ ...late('roleAssignments', PLACE, []), toldAt: { resourceId: '/', subject: 'roleAssignments' } }],
    ],
  ];
  test.each(cases)('%s', (_what, shard, gaps, expected) => {
    expect(toldOnce(shard, gaps)).toEqual(expected);
  });
});

describe('what was not reached is remembered by what was not read', () => {
  const ALL = { tokens: [SHOP, PAY], usages: [WEB] };
  const cases: [string, Gap[], NotReached, NotReached | undefined, string[]?][] = [
    ['and nothing else is', [LIST, TOKENS], {}, undefined],
    ['as it comes', [TOKENS, late('tokens', SHOP, [PAY]), late('usages', WEB)], {}, ALL],
    ['no longer than it waits', [late('usages', WEB)], ALL, { usages: [WEB] }],
    [
      'behind what waits longer, whatever its letter case',
      [late('tokens', WEB, [SHOP, PAY])],
      { tokens: [PAY.toUpperCase(), SHOP] },
      { tokens: [PAY.toUpperCase(), SHOP, WEB] },
    ],
    ['even where a list broke', [LIST], ALL, ALL],
    ['but not what was listed before it did', [LIST], ALL, { tokens: [PAY] }, [SHOP.toUpperCase(), WEB]],
    [
      'but not where another did: what is not there any more is not waited for',
      [gap({ source: 'usages' })],
      ALL,
      undefined,
    ],
    ['but not the list that broke', [LIST], { registries: [PLACE], clusters: [PLACE] }, undefined],
  ];
  test.each(cases)('%s', (_what, gaps, earlier, notReached, seen = []) => {
    expect(notReachedOf(gaps, seen, earlier)).toEqual(notReached ? { notReached } : {});
  });
});

describe('the name of a finding is of another cut', () => {
  const LATE = { source: 'tokens', code: 'NotReached' };
  const cases: [string, string, Partial<Finding>, boolean][] = [
    ['of a part, where the subscription is whole', SUB, { resourceId: ZONE, subject: 'usages, part 2 of 2' }, true],
    ['of a part of another cut', ONE, { resourceId: ZONE, subject: 'usages, part 1 of 4' }, true],
    ['of the part', TWO, { resourceId: ZONE, subject: 'usages, part 2 of 2' }, false],
    ['of what each part tells, without a part', ONE, { resourceId: ZONE, subject: 'usages' }, true],
    ['of what was not reached, without a part', ONE, { resourceId: PLACE, subject: 'tokens', evidence: LATE }, true],
    ['of what the first part tells for all', ONE, { resourceId: PLACE, subject: 'registries' }, false],
    ['of a registry', TWO, { resourceId: SHOP, subject: 'tokens' }, false],
    ['of the subscription as a whole, which it is', SUB, { resourceId: ZONE, subject: 'usages' }, false],
    ['of the tenant, which is never cut', 'tenant', { resourceId: PLACE, subject: 'usages, part 1 of 2' }, false],
    ['of no gap', ONE, { resourceId: ZONE, subject: 'usages', checkId: 'usage-near-limit' }, false],
  ];
  test.each(cases)('%s', (_what, shard, change, expected) => {
    expect(isOfOtherCut(shard, finding({ checkId: 'unreadable-scope', ...change }))).toBe(expected);
  });
});
