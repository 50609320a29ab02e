import { type ArmPath, covers, nameOf, normalized, parseArmPath, sameId } from '../../resourceId.ts';
import type { Resource } from '../../resourceIndex.ts';
import type { World } from '../../world.ts';
import { transitiveGroupsOf } from '../graph/groups.ts';
import { type Exchange, errorAnswer, json, queryValue } from '../service.ts';
import { authorizationFailed } from './armAnswers.ts';
import { groupsAbove } from './managementGroups.ts';
import { page } from './page.ts';
import { permissionsAt } from './permissions.ts';
import { missingScope } from './resources.ts';
import { findRoleDefinition, roleDefinitionsAt } from './roleDefinitions.ts';

const ASSIGNMENTS = 'Microsoft.Authorization/roleAssignments';
const DEFINITIONS = 'Microsoft.Authorization/roleDefinitions';

/** Role assignments, role definitions and permissions, for any scope. */
export function answerAuthorization(exchange: Exchange, at: ArmPath, world: World): Response {
  const scope = normalized(at.scope);
  const type = at.type?.toLowerCase();
  const missing = missingScope(scope, world);
  if (missing !== undefined) return missing;
  // Anybody may ask for their own permissions.
  if (type === 'microsoft.authorization/permissions') return page(permissionsAt(scope, world), exchange.url, world);
  const action = `${at.type}/read`;
  if (world.isDenied(action, scope)) return authorizationFailed(exchange, action, scope);
  if (type === ASSIGNMENTS.toLowerCase()) return answerAssignments(exchange, at, scope, world);
  if (type === DEFINITIONS.toLowerCase()) return answerDefinitions(exchange, at, scope, world);
  return page(world.resources.children(scope, String(at.type)), exchange.url, world);
}

function answerAssignments({ path, url }: Exchange, at: ArmPath, scope: string, world: World): Response {
  if (!at.collection) {
    const found = world.resources.get(path);
    return found === undefined
      ? errorAnswer(404, 'RoleAssignmentNotFound', `The role assignment '${nameOf(path)}' is not found.`)
      : json(200, found);
  }
  const filter = queryValue(url, '$filter');
  const keeps = assignmentFilter(filter, scope, world);
  if (keeps === undefined) {
    const message = `The filter '${filter}' is not supported. Supported filters are either 'atScope()' or 'principalId eq '{value}' or assignedTo('{value}')'.`;
    return errorAnswer(400, 'UnsupportedQuery', message);
  }
  return page(assignmentsAround(scope, world).filter(keeps), url, world);
}

/** Those at the scope, above it (management groups and the root too) and below it. */
function assignmentsAround(scope: string, world: World): readonly Resource[] {
  const { subscriptionId, resourceGroup } = parseArmPath(scope);
  const unbound = world.resources.inSubscription(undefined, ASSIGNMENTS);
  if (subscriptionId === undefined)
    return world.resources.ofType(ASSIGNMENTS).filter((one) => isAround(scopeOf(one), scope));
  const groups = groupsAbove(subscriptionId, world);
  const inherited = unbound.filter(
    (one) => scopeOf(one) === '/' || groups.some((group) => sameId(group, scopeOf(one))),
  );
  const own = world.resources.inSubscription(subscriptionId, ASSIGNMENTS);
  return [...inherited, ...(resourceGroup === undefined ? own : own.filter((one) => isAround(scopeOf(one), scope)))];
}

function isAround(at: string, scope: string): boolean {
  return covers(at, scope) || covers(scope, at);
}

function scopeOf(assignment: Resource): string {
  return normalized(parseArmPath(assignment.id).scope);
}

type Keeps = (assignment: Resource) => boolean;

/** `atScope()` leaves out what is below the scope; `assignedTo` follows groups, `principalId eq` does not. */
function assignmentFilter(filter: string | undefined, scope: string, world: World): Keeps | undefined {
  if (filter === undefined || filter === '') return () => true;
  const parts = filter.split(/\s+and\s+/i).map((part): Keeps | undefined => {
    if (/^atScope\(\)$/i.test(part)) return (one) => !covers(scope, scopeOf(one)) || sameId(scope, scopeOf(one));
    const principal = /^principalId eq '?\{?([^'}]+)\}?'?$/i.exec(part)?.[1];
    if (principal !== undefined) return (one) => sameText(principalOf(one), principal);
    const assignee = /^assignedTo\('([^']+)'\)$/i.exec(part)?.[1];
    if (assignee === undefined) return undefined;
    const holders = [assignee, ...transitiveGroupsOf(assignee, world)];
    return (one) => holders.some((holder) => sameText(principalOf(one), holder));
  });
  const known = parts.filter((part) => part !== undefined);
  return known.length < parts.length ? undefined : (one) => known.every((keeps) => keeps(one));
}

function principalOf(assignment: Resource): string {
  const properties = assignment.properties;
  return typeof properties === 'object' && properties !== null && 'principalId' in properties
    ? String(properties.principalId)
    : '';
}

function sameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function answerDefinitions({ path, url }: Exchange, at: ArmPath, scope: string, world: World): Response {
  if (!at.collection) {
    const found = findRoleDefinition(nameOf(path), scope, world);
    return found === undefined
      ? errorAnswer(
          404,
          'RoleDefinitionDoesNotExist',
          `The specified role definition with ID '${nameOf(path)}' does not exist.`,
        )
      : json(200, found);
  }
  const filter = queryValue(url, '$filter');
  const listed = roleDefinitionsAt(scope, filter, world);
  if (listed === undefined) return errorAnswer(400, 'UnsupportedQuery', `The filter '${filter}' is not supported.`);
  return page(listed, url, world);
}
