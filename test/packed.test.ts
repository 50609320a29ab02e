import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BINS, binOf, byPrincipal, isAmong, principalOf } from '../src/byPrincipal.ts';
import { packed } from '../src/packed.ts';

const LONG = 'Ärger, ☕ and 🐳\n'.repeat(3000);

describe('a packed list', () => {
  test('gives back what was added, in its order, as often as it is looked at, while more comes', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.jsonValue(), fc.constant(LONG)), { maxLength: 40 }), fc.nat(40), (items, at) => {
        const list = packed<unknown>();
        for (const [index, item] of items.entries()) {
          if (index === at) list.seal();
          if (index % 2 === 0) list.add(item);
          else list.addJson(JSON.stringify(item));
        }
        // JSON knows no -0.
        const expected: unknown = JSON.parse(JSON.stringify(items));
        expect([[...list], [...list]]).toEqual([expected, expected]);
        list.seal();
        expect([...list]).toEqual(expected);
        expect(list.size()).toBe(items.length);
        expect(JSON.parse(`[${[...list.texts()].join(',\n')}]`)).toEqual(expected);
      }),
    );
  });
});

describe('what is of principals', () => {
  const ID = 'BBBBBBBB-0000-0000-0000-000000000001';

  test.each([
    ['of a service principal', { resourceId: `/servicePrincipals/${ID}` }, ID],
    ['of a person', { resourceId: `/users/${ID}` }, ID],
    ['of a group', { resourceId: `/groups/${ID}` }, ID],
    ['of a role of one', { resourceId: '/subscriptions/s/x/roleAssignments/a', evidence: { principalId: ID } }, ID],
    ['of people in general', { resourceId: '/users' }, undefined],
    ['of a cluster', { resourceId: '/subscriptions/s/x/managedClusters/aks', evidence: { identity: ID } }, undefined],
  ])('the principal %s', (_what, about, principal) => {
    expect(principalOf(about)).toBe(principal);
  });

  test('each is in one bin, in any letter case, and what is of none is in none', () => {
    const ids = Array.from({ length: 1000 }, (_, n) => `${n}`.padStart(8, '0'));
    const bins = Array.from({ length: BINS }, (_, from) => ({ from, to: from + 1 }));
    const list = byPrincipal<string>();
    for (const id of ids) list.add(id, id);
    list.addJson(undefined, '"none"');
    list.seal();
    expect(bins.flatMap((one) => [...list.within(one)]).sort()).toEqual(ids);
    expect(bins.map(({ from }) => list.size(from))).toEqual(bins.map((one) => [...list.within(one)].length));
    expect([...list.within(undefined)]).toEqual(['none']);
    expect([...list].sort()).toEqual([...ids, 'none']);
    expect(ids.every((id) => isAmong({ from: 0, to: BINS }, id) && !isAmong(undefined, id))).toBe(true);
    expect([isAmong(undefined, undefined), isAmong({ from: 0, to: BINS }, undefined)]).toEqual([true, false]);
    expect(binOf(ID)).toBe(binOf(ID.toLowerCase()));
  });
});
