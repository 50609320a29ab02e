import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds, type Part, partOf, shardsOfCut } from '../src/shard.ts';
import { registryId, SUB } from './build.ts';

function partsOf(parts: number): Part[] {
  return shardsOfCut(SUB, parts).flatMap((shard) => partOf(shard) ?? []);
}

describe('names', () => {
  const cases: [number, string[]][] = [
    [1, [SUB]],
    [2, [`${SUB}~1of2`, `${SUB}~2of2`]],
  ];
  test.each(cases)('of %s parts', (parts, expected) => {
    expect(shardsOfCut(SUB, parts)).toEqual(expected);
  });

  test('of many parts sort as the parts do', () => {
    const names = shardsOfCut(SUB, 16);
    expect([...names].sort()).toEqual(names);
    expect(names.at(8)).toBe(`${SUB}~09of16`);
  });

  test('say which part they are of', () => {
    expect(partOf(`${SUB}~09of16`)).toEqual({ subscriptionId: SUB, part: 9, parts: 16 });
    expect(partOf(SUB)).toEqual({ subscriptionId: SUB, part: 1, parts: 1 });
    expect(partOf('tenant')).toBeUndefined();
  });
});

describe('what a part holds', () => {
  test('each registry, with all that is in it and in any letter case, is of exactly one part', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{5,12}$/), fc.constantFrom(1, 2, 4, 32), (name, count) => {
        const id = registryId(name);
        const places = [id, id.toUpperCase(), `${id}/tokens/ci`];
        const holders = places.map((place) => partsOf(count).filter((part) => holds(part, place)));
        expect(holders).toEqual(places.map(() => [holders[0]?.[0]]));
      }),
    );
  });

  test('what is of no registry is of the first', () => {
    expect(partsOf(4).filter((part) => holds(part, `/subscriptions/${SUB}`))).toEqual([partOf(`${SUB}~1of4`)]);
  });

  test('parts are about as large as each other', () => {
    const ids = Array.from({ length: 4000 }, (_, number) => registryId(`registry${number}`));
    const sizes = partsOf(8).map((part) => ids.filter((id) => holds(part, id)).length);
    expect(sizes.filter((size) => size < 400 || size > 600)).toEqual([]);
  });
});
