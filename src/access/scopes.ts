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
  const none: R[] = [];
  const byScope = new Map<string, R[]>();
  for (const registry of registries) {
    for (const scope of scopesOf(registry)) {
      const known = byScope.get(scope);
      if (known) known.push(registry);
      else byScope.set(scope, [registry]);
    }
  }
  const at = (scope: string): R[] => byScope.get(scope.toLowerCase().replace(/\/+$/, '')) ?? none;
  return ({ scope, seenIn }) => {
    if (isUnderSubscription(scope)) return at(scope);
    const subscriptions = new Set(seenIn.map((id) => id.toLowerCase()));
    return [...subscriptions].flatMap((id) => at(`/subscriptions/${id}`));
  };
}

function scopesOf({ id, subscriptionId, resourceGroup }: Place): string[] {
  const subscription = `/subscriptions/${subscriptionId}`;
  return [id, `${subscription}/resourceGroups/${resourceGroup}`, subscription].map((scope) => scope.toLowerCase());
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
