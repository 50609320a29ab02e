import { isAmong } from './byPrincipal.ts';
import type { TenantPart } from './collect/tenantParts.ts';
import { lastSegment } from './model/armId.ts';
import type { PostureChange } from './model/change.ts';
import type { Facts, Instant, RoleAssignment } from './model/estate.ts';
import type { Exception, Policy } from './model/policy.ts';
import { changeIdOf } from './rewind.ts';

/** A sweep reads its lists some time after the moment that it is named by. */
const MARGIN_MS = 60 * 60 * 1000;

export interface TenantPast {
  sweptAt: Instant;
  /** ids of the changes that the last sweep told */
  told?: string[];
  /** absent: the last sweep did not keep them */
  exceptions?: Exception[];
}

export interface TenantChanges {
  changes: PostureChange[];
  /** for the next sweep */
  told: string[];
  exceptions: Exception[];
}

/**
 * What was given since the last sweep and crosses subscriptions: roles on registries, and exceptions of the policy.
 * Before the first sweep everything was there. `assignments`: those of {@link givenSince}.
 */
export function tenantChanges(
  assignments: RoleAssignment[],
  { roleDefinitions, people }: Pick<Facts, 'roleDefinitions' | 'people'>,
  { exceptions }: Policy,
  last: TenantPast | undefined,
): TenantChanges {
  if (!last) return { changes: [], told: [], exceptions };
  const roles = new Map(roleDefinitions.map(({ roleId, roleName }) => [roleId.toLowerCase(), roleName]));
  const names = new Map(people.map(({ id, name }) => [id.toLowerCase(), name]));
  const given = assignments.map((assignment) => assignmentGiven(assignment, roles, names));
  const before = new Set((last.exceptions ?? exceptions).map((exception) => JSON.stringify(exception)));
  const added = exceptions.filter((exception) => !before.has(JSON.stringify(exception))).map(exceptionAdded);
  const told = new Set(last.told);
  return {
    changes: [...given.filter(({ changeId }) => !told.has(changeId)), ...added],
    told: given.map(({ changeId }) => changeId),
    exceptions,
  };
}

/** The assignments to some principals that may have been made since the last sweep; what it told already is among them. */
export function givenSince(
  last: Pick<TenantPast, 'sweptAt'> | undefined,
  { bins, facts }: TenantPart,
): RoleAssignment[] {
  if (!last) return [];
  const since = new Date(Date.parse(last.sweptAt) - MARGIN_MS).toISOString();
  return facts.roleAssignments.filter(
    ({ createdOn, principalId }) => createdOn !== undefined && createdOn > since && isAmong(bins, principalId),
  );
}

function assignmentGiven(
  { id, scope, roleDefinitionId, principalId, principalType, condition, createdOn, createdBy }: RoleAssignment,
  roles: Map<string, string>,
  names: Map<string, string>,
): PostureChange {
  const roleId = lastSegment(roleDefinitionId);
  const role = roles.get(roleId.toLowerCase()) ?? roleId;
  return {
    changeId: changeIdOf(id, 'roleAssignments', 'given'),
    registryId: scope,
    property: `roleAssignments/${lastSegment(id)}`,
    before: null,
    after: { role, principalId, principalType, ...(condition && { condition }) },
    changedBy: createdBy ? (names.get(createdBy.toLowerCase()) ?? createdBy) : 'unknown',
    changedByType: 'unknown',
    client: '',
    operation: 'Microsoft.Authorization/roleAssignments/write',
    correlationId: '',
    ...(createdOn && { changedAt: createdOn }),
    source: 'role-assignment',
  };
}

/** Its owner answers for it; who wrote the line, and when, is for the policy's own history to say. */
function exceptionAdded(exception: Exception): PostureChange {
  const { check, registry, owner, reason, subject, until } = exception;
  return {
    changeId: changeIdOf(registry, `exceptions/${check}`, JSON.stringify(exception)),
    registryId: registry,
    property: `exceptions/${check}`,
    before: null,
    after: { ...(subject && { subject }), reason, until },
    changedBy: owner,
    changedByType: 'User',
    client: '',
    operation: 'policy',
    correlationId: '',
    source: 'policy',
  };
}
