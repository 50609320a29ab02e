import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coverOf, gapCovers, indexOf, scopeCovers } from '../../src/model/gap.ts';
import type { Source } from '../../src/model/source.ts';
import { gap, registryId, SUB } from '../build.ts';

describe('one scope covers another', () => {
  test.each([
    ['/', registryId('shop'), true],
    [`/subscriptions/${SUB}`, registryId('shop'), true],
    [`/subscriptions/${SUB.toUpperCase()}/`, registryId('shop'), true],
    [registryId('shop'), registryId('shop'), true],
    [registryId('shop'), registryId('shop2'), false],
    [registryId('shop'), `/subscriptions/${SUB}`, false],
    [`/subscriptions/${SUB}/resourceGroups/r`, registryId('shop'), false],
  ])('%s, %s: %s', (scope, place, expected) => {
    expect(scopeCovers(scope, place)).toBe(expected);
    expect(coverOf([gap({ scope })])(place)).toBe(expected);
    expect(coverOf([gap({ scope: '/elsewhere', blinds: [scope] })])(place)).toBe(expected);
  });
});

test('the index answers what gap by gap is answered', () => {
  const segment = fc.constantFrom('a', 'A', 'b', 'ab');
  const scope = fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`);
  const gaps = fc.array(
    fc.record({
      source: fc.constantFrom<Source[]>('registries', 'tokens', 'usages'),
      scope,
      blinds: fc.array(scope, { maxLength: 2 }),
    }),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(gaps, scope, fc.constantFrom<Source[]>('registries', 'tokens'), (some, place, source) => {
      const all = some.map((one) => gap(one));
      const expected = all.some((one) => one.source === source && gapCovers(one, place));
      expect(indexOf(all)(source, place)).toBe(expected);
    }),
    { seed: 8, numRuns: 500 },
  );
});
