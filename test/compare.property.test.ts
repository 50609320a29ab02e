import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare } from '../src/compare.ts';
import { findingId } from '../src/judge.ts';
import type { ComparedFinding, Finding } from '../src/model/finding.ts';
import { type Gap, gapCovers } from '../src/model/gap.ts';
import { SEVERITIES } from '../src/model/severity.ts';
import { type Source, withPrerequisites } from '../src/model/source.ts';
import { compared, DAY, finding, fromNow, gap, NOW, OTHER_SUB, registryId, SUB } from './build.ts';

const CHECKS: Record<string, readonly Source[]> = {
  'admin-account-enabled': ['registries'],
  'token-password-expiring': ['registries', 'tokens', 'scopeMaps'],
  'token-password-expired': ['registries', 'tokens', 'scopeMaps'],
};
const REGISTRIES = [registryId('shop'), registryId('shop2'), registryId('shop', OTHER_SUB)];
const SCOPES = ['/', `/subscriptions/${SUB}`, `/subscriptions/${OTHER_SUB}`, ...REGISTRIES];

const aFinding = fc
  .record({
    checkId: fc.constantFrom(...Object.keys(CHECKS)),
    resourceId: fc.constantFrom(...REGISTRIES),
    subject: fc.constantFrom('', 'ci/password1', 'ci/password2'),
    severity: fc.constantFrom(...SEVERITIES),
    evidence: fc.record({ expiresOn: fc.constantFrom('a', 'b', null) }),
  })
  .map((one): Finding => finding({ ...one, findingId: findingId(one.checkId, one.resourceId, one.subject) }));
const someFindings = fc.uniqueArray(aFinding, { selector: (one) => one.findingId, maxLength: 12 });

const situation = fc.record({
  previous: someFindings.map((all) => all.map((one): ComparedFinding => compared(one))),
  current: someFindings,
  gaps: fc.array(
    fc
      .record({
        source: fc.constantFrom<Source>('subscriptions', 'registries', 'tokens', 'scopeMaps', 'roleAssignments'),
        scope: fc.constantFrom(...SCOPES),
        blinds: fc.subarray([registryId('shop')]),
      })
      .map((one): Gap => gap(one)),
    { maxLength: 4 },
  ),
  deleted: fc.subarray(REGISTRIES),
  off: fc.subarray(Object.keys(CHECKS)),
  left: fc.subarray(REGISTRIES),
});

function run({
  previous,
  current,
  gaps,
  deleted,
  off,
  left,
}: typeof situation extends fc.Arbitrary<infer T> ? T : never) {
  return compare({
    previous,
    current,
    gaps,
    deleted,
    sweptAt: NOW,
    needsOf: (checkId) => (off.includes(checkId) ? undefined : CHECKS[checkId]),
    inScope: ({ resourceId }) => !left.includes(resourceId),
  });
}

/** Written from the definition and not from the code: a gap in any source that the check stands on, at its place. */
function isBlind({ checkId, resourceId }: Finding, gaps: Gap[]): boolean {
  const stands = withPrerequisites(CHECKS[checkId] ?? []);
  return gaps.some((one) => stands.has(one.source) && gapCovers(one, resourceId));
}

const RUNS = { seed: 20261124, numRuns: 2000 };

describe('whatever was open, is seen, could not be read, is gone or is unwanted', () => {
  test('each finding of either sweep comes out exactly once', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const ids = [...given.previous, ...given.current].map((one) => one.findingId);
        const out = run(given).map((one) => one.findingId);
        expect([...out].sort()).toEqual([...new Set(ids)].sort());
      }),
      RUNS,
    );
  });

  test('what a gap may hide is never resolved, unless it was proved gone or nobody wants it', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const resolved = run(given).filter(
          ({ status, statusReason }) => status === 'resolved' && statusReason === 'fixed',
        );
        expect(resolved.filter((one) => isBlind(one, given.gaps))).toEqual([]);
      }),
      RUNS,
    );
  });

  test('what is seen is open, and what is not seen is not called new, changed or ongoing', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const seen = new Set(given.current.map((one) => one.findingId));
        for (const { findingId: id, status } of run(given)) {
          const allowed = seen.has(id) ? ['new', 'changed', 'ongoing', 'unverified'] : ['resolved', 'unverified'];
          expect(allowed).toContain(status);
        }
      }),
      RUNS,
    );
  });

  test('unverified is said only where somebody is blind', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const unverified = run(given).filter(({ status }) => status === 'unverified');
        expect(unverified.filter((one) => !isBlind(one, given.gaps))).toEqual([]);
      }),
      RUNS,
    );
  });

  test('the same sweep again changes nothing: all is ongoing', () => {
    fc.assert(
      fc.property(someFindings, (current) => {
        const nothing = { previous: [], gaps: [], deleted: [], off: [], left: [] };
        const first = run({ ...nothing, current });
        const second = run({ ...nothing, previous: first, current });
        const kept = first.map((one) => ({ ...one, status: 'ongoing' }));
        expect(second).toEqual(kept);
        expect(first.every(({ firstSeen }) => firstSeen === NOW)).toBe(true);
      }),
      RUNS,
    );
  });

  test('when something was first seen is never forgotten', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const known = new Set(given.previous.map((one) => one.findingId));
        for (const { findingId: id, firstSeen } of run(given))
          expect(firstSeen).toBe(known.has(id) ? fromNow(-DAY) : NOW);
      }),
      RUNS,
    );
  });
});
