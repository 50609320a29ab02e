import type { Wire } from '../../estate.ts';
import { type ArmPath, covers, nameOf, parseArmPath } from '../../resourceId.ts';
import type { World } from '../../world.ts';
import { type Exchange, errorAnswer, json } from '../service.ts';
import { authorizationFailed, resourceGroupNotFound } from './armAnswers.ts';
import { page } from './page.ts';

const READ_SUBSCRIPTION = 'Microsoft.Resources/subscriptions/read';
const READ_GROUP = 'Microsoft.Resources/subscriptions/resourceGroups/read';

/** The subscription by id, in any letter case; a deleted one is not there. */
export function findSubscription(id: string, world: World): Wire | undefined {
  const found = world.estate.subscriptions.find((one) => one.subscriptionId.toLowerCase() === id.toLowerCase());
  return found?.state === 'Deleted' ? undefined : found;
}

/** `/subscriptions`, `/tenants`, one subscription, its resource groups, one resource group. */
export function answerSubscriptions(exchange: Exchange, at: ArmPath, world: World): Response {
  const { path, url } = exchange;
  if (/^\/tenants$/i.test(path)) return page([tenant(world)], url, world);
  if (/^\/subscriptions$/i.test(path)) {
    // Azure lists what the caller has some right on, and says nothing about the rest.
    const visible = world.estate.subscriptions.filter(
      (one) => !world.isDenied(READ_SUBSCRIPTION, `/subscriptions/${one.subscriptionId}`),
    );
    return page(visible, url, world, (one) => whole(one, world));
  }
  const scope = `/subscriptions/${at.subscriptionId}`;
  const subscription = at.subscriptionId === undefined ? undefined : findSubscription(at.subscriptionId, world);
  if (subscription === undefined) return unknownPath(path);
  if (/^\/subscriptions\/[^/]+$/i.test(path)) {
    return world.isDenied(READ_SUBSCRIPTION, scope)
      ? authorizationFailed(exchange, READ_SUBSCRIPTION, scope)
      : json(200, whole(subscription, world));
  }
  if (/^\/subscriptions\/[^/]+\/resourcegroups$/i.test(path)) {
    if (world.isDenied(READ_GROUP, scope)) return authorizationFailed(exchange, READ_GROUP, scope);
    return page(
      resourceGroups(scope, world).filter((group) => !world.isDenied(READ_GROUP, group.id)),
      url,
      world,
    );
  }
  if (at.resourceGroup !== undefined && /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/i.test(path)) {
    if (world.isDenied(READ_GROUP, path)) return authorizationFailed(exchange, READ_GROUP, path);
    const group = findResourceGroup(path, world);
    return group === undefined ? resourceGroupNotFound(at.resourceGroup) : json(200, group);
  }
  return unknownPath(path);
}

function unknownPath(path: string): Response {
  return errorAnswer(404, 'NotFound', `The simulator has nothing at '${path}'.`);
}

function tenant(world: World): Wire {
  const { tenantId, name } = world.estate;
  return {
    id: `/tenants/${tenantId}`,
    tenantId,
    countryCode: 'DE',
    displayName: name,
    domains: [],
    tenantCategory: 'Home',
  };
}

function whole(subscription: Wire, world: World): Wire {
  return {
    id: `/subscriptions/${String(subscription.subscriptionId)}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    tenantId: world.estate.tenantId,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
    ...subscription,
  };
}

export function findResourceGroup(id: string, world: World): (Wire & { id: string }) | undefined {
  const { subscriptionId } = parseArmPath(id);
  return resourceGroups(`/subscriptions/${subscriptionId}`, world).find(
    (group) => group.id.toLowerCase() === id.toLowerCase(),
  );
}

/** Those the estate lists, and those its resources stand in. */
export function resourceGroups(subscription: string, world: World): (Wire & { id: string })[] {
  const groups = new Map<string, Wire & { id: string }>();
  for (const resource of world.resources.all()) {
    if (!covers(subscription, resource.id)) continue;
    const id = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+/i.exec(resource.id)?.[0];
    if (id === undefined) continue;
    const stated = resource.id.length === id.length ? resource : undefined;
    if (stated === undefined && groups.has(id.toLowerCase())) continue;
    const location = resource.location ?? 'westeurope';
    const made = {
      id,
      name: nameOf(id),
      type: 'Microsoft.Resources/resourceGroups',
      location,
      properties: { provisioningState: 'Succeeded' },
    };
    groups.set(id.toLowerCase(), { ...made, ...stated });
  }
  return [...groups.values()].toSorted((a, b) => (a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1));
}
