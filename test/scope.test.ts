import { expect, test } from 'vitest';
import { noFacts } from '../src/model/estate.ts';
import { isInScope } from '../src/scope.ts';
import { finding, plan, registry, registryId, TENANT } from './build.ts';

const GROUP = registryId('shop').replace(/\/providers.*/, '');

test.each([
  ['of which the policy leaves one out', ['shop'], ['web'], true],
  ['that the policy leaves out, all of them', [], ['shop', 'web'], false],
  ['that are not there any more', [], [], true],
])('a role above registries %s', (_, names, excluded, expected) => {
  const facts = {
    ...noFacts(TENANT),
    registries: names.map((name) => registry({ name })),
    excluded: excluded.map((name) => registryId(name)),
  };
  const role = finding({
    resourceId: `${GROUP}/providers/Microsoft.Authorization/roleAssignments/a`,
    evidence: { scope: GROUP },
  });
  expect(isInScope(role, facts, plan())).toBe(expected);
});
