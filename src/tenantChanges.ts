import { isAmong } from './byPrincipal.ts';
import type { Givers } from './collect/givers.ts';
import type { TenantPart } from './collect/tenantParts.ts';
import { lastSegment } from './model/armId.ts';
import type { PostureChange } from './model/change.ts';
import type { Facts, Instant, RoleAssignment } from './model/estate.ts';
import type { Gap } from './model/gap.ts';
import type { Exception, Policy } from './model/policy.ts';
import { changeIdOf } from './rewind.ts';

/** A sweep reads its lists some time after the moment that it is named by. */
const MARGIN_MS = 60 * 60 * 1000;

export interface TenantPast {
  sweptAt: Instant;
  /** ids of the changes that the last sweep told */
  told?: string[];
  /** where the last sweep could not look */
  unlisted?: Unlisted[];
  /** absent: the last sweep did not keep them */
  exceptions?: Exception[];
}

/** Subscriptions whose roles cannot be listed, and the last sweep that could, with the ids of the changes that it told. */
export interface Unlisted {
  sweptAt: Instant;
  told: string[];
  /** ids in lower case */
  subscriptions: string[];
}

export interface TenantChanges {
  changes: PostureChange[];
  /** for the next sweep */
  told: string[];
  unlisted?: Unlisted[];
  exceptions: Exception[];
}

/**
 * What was given since the last sweep and crosses subscriptions: roles on registries, and exceptions of the policy.
 * Before the first sweep everything was there. `assignments`: those of {@link givenSince}.
 */
export function tenantChanges(
  assignments: RoleAssignment[],
  { roleDefinitions, gaps, givers }: Pick<Facts, 'roleDefinitions' | 'gaps'> & { givers: Givers },
  { exceptions }: Policy,
  last: TenantPast | undefined,
): TenantChanges {
  if (!last) return { changes: [], told: [], exceptions };
  const roles = new Map(roleDefinitions.map(({ roleId, roleName }) => [roleId.toLowerCase(), roleName]));
  const given = assignments.map((assignment) => assignmentGiven(assignment, roles, givers));
  const before = new Set((last.exceptions ?? exceptions).map((exception) => JSON.stringify(exception)));
  const added = exceptions.filter((exception) => !before.has(JSON.stringify(exception))).map(exceptionAdded);
  const told = new Set([last, ...(last.unlisted ?? [])].flatMap((sweep) => sweep.told ?? []));
  const unlisted = stillUnlisted(last, gaps);
  return {
    changes: [...given.filter(({ changeId }) => !told.has(changeId)), ...added],
    told: given.map(({ changeId }) => changeId),
    ...(unlisted.length > 0 && { unlisted }),
    exceptions,
  };
}

/**
 * The assignments to some principals that may have been made since the last sweep that could list them; what it told
 * already is among them.
 */
export function givenSince(
  last: Pick<TenantPast, 'sweptAt' | 'unlisted'> | undefined,
  { bins, facts }: TenantPart,
): RoleAssignment[] {
  if (!last) return [];
  const { unlisted = [] } = last;
  const listedAt = new Map(unlisted.flatMap((one) => one.subscriptions.map((id) => [id, one.sweptAt] as const)));
  // What stands in the lists of several subscriptions was known as soon as one of them was read.
  const since = ({ seenIn }: RoleAssignment): Instant => {
    const [newest = last.sweptAt] = seenIn
      .map((id) => listedAt.get(id.toLowerCase()) ?? last.sweptAt)
      .sort()
      .reverse();
    return new Date(Date.parse(newest) - MARGIN_MS).toISOString();
  };
  return facts.roleAssignments.filter(
    (one) => one.createdOn !== undefined && one.createdOn > since(one) && isAmong(bins, one.principalId),
  );
}

/** Without its registries a role that was given on one of them cannot be told from one that is about other things. */
function stillUnlisted({ sweptAt, told = [], unlisted = [] }: TenantPast, gaps: Gap[]): Unlisted[] {
  const unread = gaps.filter(({ source }) => source === 'roleAssignments' || source === 'registries');
  const hidden = new Set(unread.flatMap(({ scope, blinds = [] }) => [scope, ...blinds].flatMap(subscriptionIn)));
  const earlier = unlisted.map((one) => ({ ...one, subscriptions: one.subscriptions.filter((id) => hidden.has(id)) }));
  for (const id of earlier.flatMap(({ subscriptions }) => subscriptions)) hidden.delete(id);
  return [...earlier, { sweptAt, told, subscriptions: [...hidden] }].filter((one) => one.subscriptions.length > 0);
}

/** The id of a subscription; none, if a scope is of something else. */
function subscriptionIn(scope: string): string[] {
  const [, id] = /^\/subscriptions\/([^/]+)$/i.exec(scope) ?? [];
  return id ? [id.toLowerCase()] : [];
}

function assignmentGiven(
  { id, scope, roleDefinitionId, principalId, principalType, condition, createdOn, createdBy }: RoleAssignment,
  roles: Map<string, string>,
  givers: Givers,
): PostureChange {
  const roleId = lastSegment(roleDefinitionId);
  const role = roles.get(roleId.toLowerCase()) ?? roleId;
  return {
    changeId: changeIdOf(id, 'roleAssignments', 'given'),
    registryId: scope,
    property: `roleAssignments/${lastSegment(id)}`,
    before: null,
    after: { role, principalId, principalType, ...(condition && { condition }) },
    changedBy: createdBy || 'unknown',
    changedByType: 'unknown',
    ...(createdBy && givers.get(createdBy.toLowerCase())),
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
