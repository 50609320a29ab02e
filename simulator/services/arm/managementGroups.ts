import { type ArmPath, nameOf } from '../../resourceId.ts';
import type { World } from '../../world.ts';
import { type Exchange, errorAnswer } from '../service.ts';
import { authorizationFailed } from './armAnswers.ts';
import { page } from './page.ts';
import { findSubscription } from './subscriptions.ts';

const PREFIX = '/providers/Microsoft.Management/managementGroups';

/** The ids of the management groups above a subscription, the nearest first. */
export function groupsAbove(subscriptionId: string, world: World): string[] {
  const groups = Object.entries(world.estate.managementGroups);
  const holds = ([, group]: (typeof groups)[number]): boolean =>
    group.subscriptions?.some((one) => one.toLowerCase() === subscriptionId.toLowerCase()) === true;
  const above: string[] = [];
  let next = groups.find(holds)?.[0];
  while (next !== undefined && !above.includes(`${PREFIX}/${next}`)) {
    above.push(`${PREFIX}/${next}`);
    next = world.estate.managementGroups[next]?.parent ?? undefined;
  }
  return above;
}

/** The list of management groups, and the `descendants` of one: every group and subscription below it. */
export function answerManagementGroups(exchange: Exchange, at: ArmPath, world: World): Response {
  const [name] = at.names;
  const action = `Microsoft.Management/managementGroups/${name === undefined ? '' : 'descendants/'}read`;
  const scope = name === undefined ? '/' : `${PREFIX}/${name}`;
  if (world.isDenied(action, scope)) return authorizationFailed(exchange, action, scope);
  if (name === undefined) {
    const groups = Object.keys(world.estate.managementGroups).map((id) => groupItem(id, world.estate.tenantId));
    return page(groups, exchange.url, world);
  }
  const known = Object.keys(world.estate.managementGroups).find((id) => id.toLowerCase() === name.toLowerCase());
  if (known === undefined || !at.collection)
    return errorAnswer(404, 'NotFound', `The simulator has nothing at '${exchange.path}'.`);
  return page(descendants(known, world, new Set()), exchange.url, world);
}

function groupItem(id: string, tenantId: string): object {
  return {
    id: `${PREFIX}/${id}`,
    type: 'Microsoft.Management/managementGroups',
    name: id,
    properties: { tenantId, displayName: id },
  };
}

function descendants(parent: string, world: World, seen: Set<string>): object[] {
  if (seen.has(parent)) return [];
  seen.add(parent);
  const parentLink = { id: `${PREFIX}/${parent}` };
  const found: object[] = [];
  for (const [id, group] of Object.entries(world.estate.managementGroups)) {
    if (group.parent !== parent) continue;
    const properties = { displayName: nameOf(id), parent: parentLink };
    found.push({ id: `${PREFIX}/${id}`, type: 'Microsoft.Management/managementGroups', name: id, properties });
    found.push(...descendants(id, world, seen));
  }
  for (const id of world.estate.managementGroups[parent]?.subscriptions ?? []) {
    const displayName = findSubscription(id, world)?.displayName ?? id;
    found.push({
      id: `/subscriptions/${id}`,
      type: '/subscriptions',
      name: id,
      properties: { displayName, parent: parentLink },
    });
  }
  return found;
}
