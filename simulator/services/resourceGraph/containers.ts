import type { Wire } from '../../estate.ts';
import { nameOf } from '../../resourceId.ts';
import type { World } from '../../world.ts';
import { groupsAbove } from '../arm/managementGroups.ts';
import { resourceGroups } from '../arm/subscriptions.ts';
import type { QueryScope } from './scope.ts';

const READ_GROUP = 'Microsoft.Resources/subscriptions/resourceGroups/read';
const READ_MANAGEMENT_GROUP = 'Microsoft.Management/managementGroups/read';

/** Subscriptions (empty ones too), their resource groups, and the management groups above them. */
export function containerRows(scope: QueryScope, world: World): Wire[] {
  const seen = world.estate.subscriptions.filter((one) => scope.subscriptions.has(one.subscriptionId.toLowerCase()));
  const above = new Set(seen.flatMap((one) => groupsAbove(one.subscriptionId, world)));
  return [
    ...[...above].filter((id) => !world.isDenied(READ_MANAGEMENT_GROUP, id)).map((id) => managementGroup(id, world)),
    ...seen.map((one) => subscription(one, world)),
    ...seen
      .flatMap((one) =>
        resourceGroups(`/subscriptions/${one.subscriptionId}`, world).filter(
          (group) => !world.isDenied(READ_GROUP, group.id),
        ),
      )
      .map((group) => ({ ...group, type: 'microsoft.resources/subscriptions/resourcegroups' })),
  ];
}

function subscription(one: Wire & { subscriptionId: string }, world: World): Wire {
  const chain = groupsAbove(one.subscriptionId, world).map((id) => ({ name: nameOf(id), displayName: nameOf(id) }));
  return {
    id: `/subscriptions/${one.subscriptionId}`,
    name: one.displayName ?? one.subscriptionId,
    type: 'microsoft.resources/subscriptions',
    tenantId: one.tenantId ?? world.estate.tenantId,
    tags: one.tags ?? null,
    properties: {
      state: one.state ?? 'Enabled',
      subscriptionPolicies: one.subscriptionPolicies ?? null,
      managementGroupAncestorsChain: chain,
      managedByTenants: one.managedByTenants ?? [],
    },
  };
}

function managementGroup(id: string, world: World): Wire {
  const parent = world.estate.managementGroups[nameOf(id)]?.parent;
  const ancestors = groupsAboveGroup(nameOf(id), world).map((name) => ({ name, displayName: name }));
  return {
    id,
    name: nameOf(id),
    type: 'microsoft.management/managementgroups',
    properties: {
      displayName: nameOf(id),
      tenantId: world.estate.tenantId,
      details: {
        parent: parent === undefined || parent === null ? null : { name: parent },
        managementGroupAncestorsChain: ancestors,
      },
    },
  };
}

function groupsAboveGroup(name: string, world: World): string[] {
  const above: string[] = [];
  let next = world.estate.managementGroups[name]?.parent ?? undefined;
  while (next !== undefined && !above.includes(next)) {
    above.push(next);
    next = world.estate.managementGroups[next]?.parent ?? undefined;
  }
  return above;
}
