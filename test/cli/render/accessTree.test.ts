import { expect, test } from 'vitest';
import type { PrincipalAccess } from '../../../src/access/reverse.ts';
import { principalTree } from '../../../src/cli/render/accessTree.ts';

const CI: Omit<PrincipalAccess, 'registries'> = {
  id: 'ci',
  kind: 'service principal',
  name: 'ci',
  grants: [],
  ways: [],
  credentials: [],
  ignored: [],
  gaps: [],
};

function opens(sure: number, maybe: number): PrincipalAccess {
  const grants = [...Array<['pull']>(sure).fill(['pull']), ...Array<null>(maybe).fill(null)];
  return { ...CI, registries: grants.map((one, index) => ({ registry: `r${index}`, id: `/r${index}`, grants: one })) };
}

test.each([
  [0, 0, 'opens 0 registries'],
  [1, 0, 'opens 1 registry'],
  [2, 0, 'opens 2 registries'],
  [0, 1, 'may open 1 registry'],
  [0, 2, 'may open 2 registries'],
  [1, 2, 'opens 1 registry, may open 2 more'],
])('registries that somebody opens for sure: %i, perhaps: %i', (sure, maybe, expected) => {
  expect(principalTree(opens(sure, maybe)).split('\n')[1]).toBe(`└─ ${expected}`);
});
