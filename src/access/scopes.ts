import { lastSegment } from '../model/armId.ts';
import type { Registry, RoleAssignment, Subscription } from '../model/estate.ts';

/** Where a registry lies. */
export type Place = Pick<Registry, 'id' | 'subscriptionId' | 'resourceGroup'>;

/** Finds the registries at which an assignment holds, without looking at each registry for each assignment. */
export type RegistriesBelow<R extends Place = Registry> = (assignment: RoleAssignment) => R[];

/**
 * An assignment holds at a registry when it was given at the registry or above it. The scopes above a registry are its
 * resource group and its subscription; what was given further up holds in the subscriptions in whose lists it stands,
 * since a management group's id is no prefix of a subscription's.
 */
export function registriesBelow<R extends Place>(registries: R[]): RegistriesBelow<R> {
  const bySubscription = new Map<string, Within<R>>();
  for (const registry of registries) {
    const { subscription, group, name } = placesOf(registry);
    const within: Within<R> = bySubscription.get(subscription) ?? { all: [], groups: new Map(), each: new Map() };
    const sameGroup = within.groups.get(group);
    if (sameGroup) sameGroup.push(registry);
    else within.groups.set(group, [registry]);
    within.each.set(name, registry);
    within.all.push(registry);
    bySubscription.set(subscription, within);
  }
  const at = (scope: string): R[] => {
    const [, subscription = '', group, name] = SCOPE.exec(scope.toLowerCase()) ?? [];
    const within = bySubscription.get(subscription);
    if (!within || !group) return within?.all ?? [];
    if (name === undefined) return within.groups.get(group) ?? [];
    const one = within.each.get(keyOf(group, name));
    return one ? [one] : [];
  };
  return ({ scope, seenIn }) => {
    if (isUnderSubscription(scope)) return at(scope);
    const subscriptions = new Set(seenIn.map((id) => id.toLowerCase()));
    return [...subscriptions].flatMap((id) => at(`/subscriptions/${id}`));
  };
}

/** The registries of a subscription; keys are names in lower case, since ids are long where there are many of them. */
interface Within<R> {
  all: R[];
  groups: Map<string, R[]>;
  /** by {@link keyOf} */
  each: Map<string, R>;
}

/** In lower case: a subscription, a resource group or a registry, and nothing else. */
const SCOPE =
  /^\/subscriptions\/([^/]+)(?:\/resourcegroups\/([^/]+)(?:\/providers\/microsoft\.containerregistry\/registries\/([^/]+))?)?\/*$/;

function placesOf({ id, subscriptionId, resourceGroup }: Place) {
  const group = resourceGroup.toLowerCase();
  return { subscription: subscriptionId.toLowerCase(), group, name: keyOf(group, lastSegment(id).toLowerCase()) };
}

function keyOf(group: string, name: string): string {
  return `${group}/${name}`;
}

/** Whether a scope is a subscription or something in one, and not above. */
export function isUnderSubscription(scope: string): boolean {
  return scope.toLowerCase().startsWith('/subscriptions/');
}

/** Whether an assignment was given at the registry itself and not above it. */
export function isDirect({ scope }: RoleAssignment, registry: Registry): boolean {
  return scope.toLowerCase().replace(/\/+$/, '') === registry.id.toLowerCase();
}

/** A scope as people call it: `registry shop`, `resource group rg`, `subscription Prod`, `management group contoso`. */
export function scopeName(scope: string, subscriptions: Subscription[]): string {
  const [, subscriptionId, group, resource] =
    /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+)(\/.+)?)?\/*$/i.exec(scope) ?? [];
  if (resource) return `registry ${lastSegment(resource)}`;
  if (group) return `resource group ${group}`;
  if (subscriptionId) {
    const known = subscriptions.find((one) => one.subscriptionId.toLowerCase() === subscriptionId.toLowerCase());
    return `subscription ${known?.displayName ?? subscriptionId}`;
  }
  const [, managementGroup] = /\/managementGroups\/([^/]+)/i.exec(scope) ?? [];
  return managementGroup ? `management group ${managementGroup}` : 'the root of the tenant';
}
