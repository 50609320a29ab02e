import { expect, test } from 'vitest';
import { deployedAlerts } from '../../simulator/index.ts';
import { CHECKS } from '../../src/checks/index.ts';
import { KNOWN_RULES, knownRule } from '../../src/notify/knownRules.ts';

const RULES = deployedAlerts().rules.map(({ name }) => name);
const OTHERS = ['pulls-failing-shop', 'admin-password-read-prod', 'admin-password-rotated-prod'];

test('every rule that is about no finding has a title and an advice', () => {
  const own = RULES.filter((name) => name === 'finding-storm' || !name.startsWith('finding-'));
  expect([...own, ...OTHERS].filter((name) => !knownRule(name))).toEqual([]);
});

test('no rule about a finding is taken for another', () => {
  expect(['finding-critical', 'finding-high-network'].filter(knownRule)).toEqual([]);
});

test('what may be behind a rule is a check', () => {
  const ids = CHECKS.map(({ id }) => id);
  expect(KNOWN_RULES.flatMap(({ causes }) => causes).filter((id) => !ids.includes(id))).toEqual([]);
});
