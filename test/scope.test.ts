import { expect, test } from 'vitest';
import { noFacts } from '../src/model/estate.ts';
import type { Gap } from '../src/model/gap.ts';
import { isInScope } from '../src/scope.ts';
import { finding, gap, plan, registry, registryId, SUB, TENANT } from './build.ts';

const GROUP = registryId('shop').replace(/\/providers.*/, '');

test.each<[string, string[], string[], Gap[], boolean]>([
  ['of which the policy leaves one out', ['shop'], ['web'], [], true],
  ['that the policy leaves out, all of them', [], ['shop', 'web'], [], false],
  ['that are not there any more', [], [], [], true],
  ['of which one cannot be read', [], ['web'], [gap({ scope: registryId('shop') })], true],
  ['of which some may not be listed', [], ['web'], [gap({ scope: `/subscriptions/${SUB}` })], true],
])('a role above registries %s', (_, names, excluded, gaps, expected) => {
  const facts = {
    ...noFacts(TENANT),
    registries: names.map((name) => registry({ name })),
    excluded: excluded.map((name) => registryId(name)),
    gaps,
  };
  const role = finding({
    resourceId: `${GROUP}/providers/Microsoft.Authorization/roleAssignments/a`,
    evidence: { scope: GROUP },
  });
  expect(isInScope(role, facts, plan())).toBe(expected);
});
