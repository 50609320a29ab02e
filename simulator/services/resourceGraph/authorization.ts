import type { Wire } from '../../estate.ts';
import { nameOf, normalized, parseArmPath } from '../../resourceId.ts';
import type { World } from '../../world.ts';
import { groupsAbove } from '../arm/managementGroups.ts';
import { roleDefinitionsAt } from '../arm/roleDefinitions.ts';
import type { QueryRequest } from './request.ts';
import type { QueryScope } from './scope.ts';

const ASSIGNMENT = 'Microsoft.Authorization/roleAssignments';
const DEFINITION = 'Microsoft.Authorization/roleDefinitions';

/** Role assignments in the request's `authorizationScopeFilter`, and the role definitions of the tenant. */
export function authorizationRows(asked: QueryRequest, scope: QueryScope, world: World): Wire[] {
  const assignments = world.resources
    .ofType(ASSIGNMENT)
    .filter((one) => isAsked(normalized(parseArmPath(one.id).scope), asked, scope, world))
    .filter((one) => !world.isDenied(`${ASSIGNMENT}/read`, one.id));
  const definitions = (roleDefinitionsAt('/', undefined, world) ?? [])
    .concat(world.resources.ofType(DEFINITION))
    .filter(
      (one, index, all) => all.findIndex((other) => nameOf(String(other.id)) === nameOf(String(one.id))) === index,
    )
    .filter((one) => !world.isDenied(`${DEFINITION}/read`, String(one.id)));
  return [...assignments, ...definitions];
}

function isAsked(at: string, { scopeFilter }: QueryRequest, scope: QueryScope, world: World): boolean {
  const { subscriptionId } = parseArmPath(at);
  if (subscriptionId === undefined) return isAboveAsked(at, scopeFilter, scope, world);
  if (!scope.subscriptions.has(subscriptionId.toLowerCase())) return false;
  const isExact = at.split('/').length === 3;
  // A management group's subscriptions are below it, never the scope itself.
  if (scopeFilter === 'AtScopeExact') return isExact && scope.groups.size === 0;
  return isExact || scopeFilter !== 'AtScopeAndAbove';
}

/** An assignment at a management group or the root. */
function isAboveAsked(
  at: string,
  filter: QueryRequest['scopeFilter'],
  { subscriptions, groups, isTenant }: QueryScope,
  world: World,
): boolean {
  if (isTenant || groups.has(nameOf(at).toLowerCase())) return true;
  if (filter === 'AtScopeAndBelow' || filter === 'AtScopeExact') return false;
  if (at === '/') return true;
  return [...subscriptions].some((id) =>
    groupsAbove(id, world).some((group) => group.toLowerCase() === at.toLowerCase()),
  );
}
