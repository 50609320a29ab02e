import type {
  RoleAssignment as WireAssignment,
  RoleDefinition as WireDefinition,
  Permission as WirePermission,
} from '@azure/arm-authorization';
import { kindNamed } from '../access/principalKinds.ts';
import type { Azure } from '../azure.ts';
import { lastSegment } from '../model/armId.ts';
import type { RoleAssignment, RoleDefinition, RolePermission } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt, UnusableAnswerError } from './attempt.ts';
import { objectOf, valuesOf } from './send.ts';
import { given, instant, required } from './wire.ts';

/**
 * Every role assignment that holds in a subscription: its own, those of everything in it, and those inherited from
 * management groups and the root, which come with the same list (semantics §4).
 */
export async function readRoleAssignments(
  azure: Azure,
  subscriptionId: string,
  gaps: Gap[],
): Promise<RoleAssignment[]> {
  const assignments: RoleAssignment[] = [];
  await attempt(gaps, 'roleAssignments', `/subscriptions/${subscriptionId}`, async () => {
    const { roleAssignments } = azure.authorization(subscriptionId);
    for await (const wire of roleAssignments.listForSubscription({ onResponse: mustBeList })) {
      assignments.push(toAssignment(wire, subscriptionId));
    }
  });
  return assignments;
}

/**
 * One role definition, by the id that an assignment names, asked for through one of the subscriptions where it is used;
 * unread, it is a gap in all of them.
 */
export async function readRoleDefinition(
  azure: Azure,
  roleDefinitionId: string,
  usedIn: string[],
  gaps: Gap[],
): Promise<RoleDefinition | undefined> {
  const failed: Gap[] = [];
  const role = await attempt(failed, 'roleDefinitions', roleDefinitionId, async () => {
    // The id may come without a subscription (wire: roleAssignments-list-subscription), where only built-in roles live.
    const { roleDefinitions } = azure.authorization(usedIn[0] ?? '');
    return toDefinition(await roleDefinitions.getById(roleDefinitionId.replace(/^\//, '')));
  });
  for (const gap of failed) gaps.push(...usedIn.map((id) => ({ ...gap, scope: `/subscriptions/${id}` })));
  return role;
}

/** The SDK takes a page without `value` for an empty one, where its newer siblings throw. */
function mustBeList({ status, parsedBody, request }: RawAnswer): void {
  if (status === 200) valuesOf(objectOf(parsedBody), { service: 'ARM', url: request.url });
}

interface RawAnswer {
  status: number;
  parsedBody?: unknown;
  request: { url: string };
}

function toAssignment(wire: WireAssignment, subscriptionId: string): RoleAssignment {
  const id = required(wire.id, 'id', `a role assignment of subscription ${subscriptionId}`);
  return {
    id,
    scope: required(wire.scope, 'scope', id),
    roleDefinitionId: required(wire.roleDefinitionId, 'roleDefinitionId', id),
    principalId: required(wire.principalId, 'principalId', id),
    principalType: kindNamed(required(wire.principalType, 'principalType', id)),
    ...given('condition', wire.condition),
    ...given('createdOn', instant(wire.createdOn, 'createdOn', id)),
    ...given('createdBy', wire.createdBy ?? wire.updatedBy),
    seenIn: [subscriptionId],
  };
}

function toDefinition(wire: WireDefinition): RoleDefinition {
  const id = required(wire.id, 'id', 'a role definition');
  return {
    id,
    roleId: lastSegment(id),
    roleName: required(wire.roleName, 'roleName', id),
    custom: required(wire.roleType, 'type', id).toLowerCase() === 'customrole',
    permissions: required(wire.permissions, 'permissions', id).map((permission) => toPermission(permission, id)),
  };
}

/** Azure sends all four lists (wire: roleDefinitions-get); one that gives nothing at all says nothing. */
function toPermission(
  { actions, notActions, dataActions, notDataActions }: WirePermission,
  of: string,
): RolePermission {
  if (!actions && !dataActions) throw new UnusableAnswerError(`${of} came without actions and dataActions`);
  return {
    actions: listOf(actions, 'actions', of),
    notActions: listOf(notActions, 'notActions', of),
    dataActions: listOf(dataActions, 'dataActions', of),
    notDataActions: listOf(notDataActions, 'notDataActions', of),
  };
}

function listOf(list: string[] | undefined, field: string, of: string): string[] {
  return list === undefined ? [] : required(list, field, of);
}
