import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Wire } from '../../simulator/estate.ts';
import type { EstateFile } from '../../simulator/index.ts';
import { reachOfPrincipals } from '../../src/access/reach.ts';
import { collectTenant } from '../../src/collect/tenantShard.ts';
import { isSource, SOURCES } from '../../src/model/source.ts';
import { OTHER_SUB, registryId, SUB, subscription, TENANT } from '../build.ts';
import { estateOf, noMemory, simulated, wireRegistry, wireSubscription } from '../wire.ts';

// The same question answered a second time, without any code of the product: every principal, every registry and every
// action, by expanding all groups, all wildcards and all scopes by brute force.
const ACR = 'Microsoft.ContainerRegistry/registries';
const ACTIONS = [
  '*',
  '*/read',
  '*/Write',
  'Microsoft.ContainerRegistry/*',
  `${ACR}/*`,
  `${ACR}/*/read`,
  `${ACR}/pull/read`,
]
  .concat(
    `${ACR}/push/write`,
    `${ACR}/artifacts/delete`,
    'microsoft.containerregistry/REGISTRIES/write',
    `${ACR}/pull/*`,
  )
  .concat('*/registries/p*/read', 'Microsoft.Storage/*', `${ACR}/push/write/more`);
const DATA_ACTIONS = [
  '*',
  `${ACR}/repositories/*`,
  `${ACR}/repositories/content/read`,
  `${ACR}/repositories/content/write`,
].concat(`${ACR}/repositories/content/delete`, '*/content/*', 'Microsoft.Storage/*/read');

const PRINCIPALS = ['b1', 'b2', 'b3'].map(idOf);
const GROUPS = ['c1', 'c2', 'c3', 'c4'].map(idOf);
const MANAGEMENT = [
  '/providers/Microsoft.Management/managementGroups/top',
  '/providers/Microsoft.Management/managementGroups/low',
];
const PLACES = [SUB, OTHER_SUB].flatMap((id) => [
  `/subscriptions/${id}`,
  `/subscriptions/${id}/resourceGroups/rg`,
  `/subscriptions/${id}/resourceGroups/rg-other`,
]);
const REGISTRIES = [registryId('one'), registryId('two'), registryId('three', OTHER_SUB)];

/** Ids of a guid's form, as Graph wants them. */
function idOf(name: string): string {
  return `${name.padEnd(8, '0')}-0000-0000-0000-000000000000`;
}

interface Random {
  roles: { permissions: Record<string, string[]>[] }[];
  assignments: { role: number; principal: string; scope: string }[];
  members: string[][];
  abac: boolean[];
}

function estates(): fc.Arbitrary<Random> {
  const some = (pool: string[]): fc.Arbitrary<string[]> => fc.uniqueArray(fc.constantFrom(...pool), { maxLength: 3 });
  const permission = fc.record({
    actions: some(ACTIONS),
    notActions: some(ACTIONS),
    dataActions: some(DATA_ACTIONS),
    notDataActions: some(DATA_ACTIONS),
  });
  return fc.record({
    roles: fc.array(fc.record({ permissions: fc.array(permission, { minLength: 1, maxLength: 2 }) }), {
      minLength: 3,
      maxLength: 3,
    }),
    assignments: fc.array(
      fc.record({
        role: fc.nat({ max: 2 }),
        principal: fc.constantFrom(...PRINCIPALS, ...GROUPS),
        scope: fc.constantFrom(...MANAGEMENT, ...PLACES, ...REGISTRIES, REGISTRIES[0]?.toUpperCase() ?? ''),
      }),
      { maxLength: 8 },
    ),
    members: fc.array(fc.uniqueArray(fc.constantFrom(...PRINCIPALS, ...GROUPS), { maxLength: 3 }), {
      minLength: 4,
      maxLength: 4,
    }),
    abac: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  });
}

function roleId(index: number): string {
  return `/providers/Microsoft.Authorization/roleDefinitions/dddddddd-0000-0000-0000-00000000000${index}`;
}

function estateFrom({ roles, assignments, members, abac }: Random): EstateFile {
  const registries = ['one', 'two', 'three'].map((name, index) =>
    wireRegistry(name, abac[index] ? { roleAssignmentMode: 'AbacRepositoryPermissions' } : {}, {
      subscriptionId: name === 'three' ? OTHER_SUB : SUB,
    }),
  );
  const definitions = roles.map(({ permissions }, index) => ({
    id: roleId(index),
    name: roleId(index).slice(-36),
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: { roleName: `role ${index}`, type: 'CustomRole', assignableScopes: ['/'], permissions },
  }));
  const given = assignments.map(({ role, principal, scope }, index) => ({
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/aaaaaaaa-1111-0000-0000-00000000000${index}`,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      scope,
      roleDefinitionId: roleId(role),
      principalId: principal,
      principalType: GROUPS.includes(principal) ? 'Group' : 'ServicePrincipal',
    },
  }));
  return estateOf([...registries, ...definitions, ...given], {
    subscriptions: [wireSubscription(), wireSubscription({ subscriptionId: OTHER_SUB, displayName: 'Dev' })],
    managementGroups: {
      top: { parent: null, subscriptions: [SUB] },
      low: { parent: 'top', subscriptions: [OTHER_SUB] },
    },
    graph: {
      servicePrincipals: PRINCIPALS.map((id): Wire & { id: string } => ({ id, appId: id, displayName: id })),
      groups: GROUPS.map((id, index) => ({ id, displayName: id, members: members[index] ?? [] })),
    },
  });
}

/** Every right there is, as `principal registry action`. */
function bruteForce(random: Random): string[] {
  const rights = new Set<string>();
  for (const principal of [...PRINCIPALS, ...GROUPS]) {
    const identities = [principal, ...groupsAround(principal, random.members)];
    for (const [index, registry] of REGISTRIES.entries()) {
      const asked: [string, string, string][] = random.abac[index]
        ? [
            ['pull', 'dataActions', `${ACR}/repositories/content/read`],
            ['push', 'dataActions', `${ACR}/repositories/content/write`],
            ['delete', 'dataActions', `${ACR}/repositories/content/delete`],
          ]
        : [
            ['pull', 'actions', `${ACR}/pull/read`],
            ['push', 'actions', `${ACR}/push/write`],
            ['delete', 'actions', `${ACR}/artifacts/delete`],
          ];
      for (const [grant, kind, action] of [...asked, ['admin', 'actions', `${ACR}/write`] as const]) {
        const allowed = random.assignments.some(
          ({ role, principal: holder, scope }) =>
            // A group has its own rights and not those of the groups around it: it stands for itself.
            (GROUPS.includes(principal) ? holder === principal : identities.includes(holder)) &&
            isAbove(scope, registry) &&
            random.roles[role]?.permissions.some(
              (permission) =>
                permission[kind]?.some((pattern) => fits(pattern, action)) &&
                !permission[kind === 'actions' ? 'notActions' : 'notDataActions']?.some((pattern) =>
                  fits(pattern, action),
                ),
            ),
        );
        if (allowed) rights.add(`${principal} ${registry} ${grant}`);
      }
    }
  }
  return [...rights].sort();
}

function groupsAround(member: string, members: string[][]): string[] {
  const around = new Set<string>();
  for (let size = -1; size !== around.size; ) {
    size = around.size;
    for (const [index, group] of GROUPS.entries()) {
      if (members[index]?.some((one) => one === member || around.has(one))) around.add(group);
    }
  }
  return [...around];
}

function fits(pattern: string, action: string): boolean {
  const text = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${text}$`, 'i').test(action);
}

function isAbove(scope: string, registry: string): boolean {
  if (scope.endsWith('/top')) return true;
  if (scope.endsWith('/low')) return registry.includes(OTHER_SUB);
  return `${registry.toLowerCase()}/`.startsWith(`${scope.toLowerCase()}/`);
}

test('the graph agrees with a brute-force evaluation on 1,000 random estates', { timeout: 240_000 }, async () => {
  let rights = 0;
  await fc.assert(
    fc.asyncProperty(estates(), async (random) => {
      const { azure } = simulated(estateFrom(random));
      const facts = await collectTenant(azure, {
        tenantId: TENANT,
        subscriptions: [subscription(), subscription({ subscriptionId: OTHER_SUB })],
        inScope: () => true,
        needed: new Set(Object.keys(SOURCES).filter(isSource)),
        memory: noMemory(),
        vaults: [],
      });
      expect(facts.gaps).toEqual([]);
      const found = [...reachOfPrincipals(facts)].flatMap(([principal, byRegistry]) =>
        [...byRegistry.values()].flatMap(({ registry, grants }) =>
          grants.map((grant) => `${principal} ${registry.id} ${grant}`),
        ),
      );
      expect(found.sort()).toEqual(bruteForce(random));
      rights += found.length;
    }),
    { numRuns: 1000, seed: 20261124 },
  );
  // Not because there was nothing to agree on.
  expect(rights).toBeGreaterThan(5000);
});
