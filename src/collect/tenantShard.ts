import pLimit from 'p-limit';
import { holdsAt, reachOfPrincipals } from '../access/reach.ts';
import type { Azure } from '../azure.ts';
import { lastSegment } from '../model/armId.ts';
import type { Facts, Registry, RoleAssignment, RoleDefinition, Subscription } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { readApplications, readServicePrincipals } from './directory.ts';
import { readRegistries } from './registries.ts';
import { readRoleAssignments, readRoleDefinition } from './roles.ts';

/** Subscriptions have quotas of their own, so more of them at once do win time. */
const AT_ONCE = 16;

export interface TenantScope {
  tenantId: string;
  subscriptions: Subscription[];
  inScope(registry: Registry): boolean;
}

/**
 * Reads what the tenant shard judges, once and with the whole picture: who holds which role on which registry, and the
 * directory credentials of those who do. Two requests a subscription, one a role, one in a thousand principals.
 */
export async function collectTenant(azure: Azure, scope: TenantScope): Promise<Facts> {
  const gaps: Gap[] = [];
  const limit = pLimit(AT_ONCE);
  const lists = await limit.map(scope.subscriptions, async ({ subscriptionId }) => ({
    registries: await readRegistries(azure, subscriptionId, gaps),
    assignments: await readRoleAssignments(azure, subscriptionId, gaps),
  }));
  const all = lists.flatMap((list) => list.registries);
  const registries = all.filter(scope.inScope);
  const roleAssignments = onRegistries(
    lists.flatMap((list) => list.assignments),
    registries,
  );
  const roleDefinitions = await readRoles(azure, roleAssignments, gaps);
  const facts: Facts = {
    tenantId: scope.tenantId,
    subscriptions: scope.subscriptions,
    registries,
    tokens: [],
    scopeMaps: [],
    roleAssignments,
    roleDefinitions,
    servicePrincipals: [],
    applications: [],
    deleted: [],
    excluded: all.filter((registry) => !scope.inScope(registry)).map(({ id }) => id),
    gaps,
  };
  // People are not asked for: only those that sign in with a credential of their own.
  const reaching = reachOfPrincipals(facts);
  const ids = roleAssignments
    .filter(
      ({ principalType, principalId }) =>
        principalType === 'ServicePrincipal' && reaching.has(principalId.toLowerCase()),
    )
    .map(({ principalId }) => principalId.toLowerCase());
  facts.servicePrincipals = await readServicePrincipals(azure, [...new Set(ids)], gaps);
  // The credentials of another tenant's application are kept there, and of a managed identity Azure keeps them itself.
  const own = facts.servicePrincipals.filter(
    ({ servicePrincipalType, appOwnerTenantId }) =>
      servicePrincipalType !== 'ManagedIdentity' && (appOwnerTenantId ?? scope.tenantId) === scope.tenantId,
  );
  facts.applications = await readApplications(azure, own, gaps);
  return facts;
}

/** Each assignment once, with all the subscriptions in whose lists it stood, if it holds at any registry. */
function onRegistries(assignments: RoleAssignment[], registries: Registry[]): RoleAssignment[] {
  const byId = new Map<string, RoleAssignment>();
  for (const assignment of assignments) {
    const key = assignment.id.toLowerCase();
    const seen = byId.get(key);
    if (seen) seen.seenIn.push(...assignment.seenIn);
    else byId.set(key, assignment);
  }
  return [...byId.values()].filter((assignment) => registries.some((registry) => holdsAt(assignment, registry)));
}

async function readRoles(azure: Azure, assignments: RoleAssignment[], gaps: Gap[]): Promise<RoleDefinition[]> {
  const wanted = new Map<string, { id: string; usedIn: Set<string> }>();
  for (const { roleDefinitionId, seenIn } of assignments) {
    const key = lastSegment(roleDefinitionId).toLowerCase();
    const role = wanted.get(key) ?? { id: roleDefinitionId, usedIn: new Set() };
    for (const subscriptionId of seenIn) role.usedIn.add(subscriptionId);
    wanted.set(key, role);
  }
  const roles = await pLimit(AT_ONCE).map([...wanted.values()], ({ id, usedIn }) =>
    readRoleDefinition(azure, id, [...usedIn], gaps),
  );
  return roles.filter((role) => role !== undefined);
}
