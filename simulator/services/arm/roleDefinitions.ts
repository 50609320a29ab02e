import type { Wire } from '../../estate.ts';
import { isPlain } from '../../mergePatch.ts';
import { covers, nameOf, parseArmPath, sameId } from '../../resourceId.ts';
import type { World } from '../../world.ts';
import builtInRoles from './builtInRoles.json' with { type: 'json' };
import { groupsAbove } from './managementGroups.ts';

const TYPE = 'Microsoft.Authorization/roleDefinitions';

/** By guid: the estate's own definition, wherever it is stored, before the built-in one. */
export function findRoleDefinition(name: string, scope: string, world: World): Wire | undefined {
  return allAt(scope, world).find((role) => String(role.name).toLowerCase() === name.toLowerCase());
}

/**
 * Definitions usable at the scope, with `type eq 'CustomRole'`, `roleName eq '…'` or `atScopeAndBelow()`;
 * `undefined` for a filter that Azure does not know.
 */
export function roleDefinitionsAt(scope: string, filter: string | undefined, world: World): Wire[] | undefined {
  let roles = allAt(scope, world).filter((role) => isUsable(role, scope, world));
  for (const part of filter?.split(/\s+and\s+/i) ?? []) {
    const compared = /^(type|roleName) eq '([^']*)'$/i.exec(part);
    if (compared !== null) {
      const field = compared[1]?.toLowerCase() === 'type' ? 'type' : 'roleName';
      roles = roles.filter((role) => String(propertiesOf(role)[field]).toLowerCase() === compared[2]?.toLowerCase());
    } else if (!/^atScopeAndBelow\(\)$/i.test(part)) return undefined;
  }
  return roles;
}

function allAt(scope: string, world: World): Wire[] {
  const own = world.resources.ofType(TYPE);
  const names = new Set(own.map((role) => nameOf(role.id).toLowerCase()));
  const { subscriptionId } = parseArmPath(scope);
  const prefix = subscriptionId === undefined ? '' : `/subscriptions/${subscriptionId}`;
  const builtIn = builtInRoles
    .filter((role) => !names.has(role.name))
    .map((role) => ({
      properties: {
        roleName: role.roleName,
        type: 'BuiltInRole',
        description: role.description,
        assignableScopes: ['/'],
        permissions: role.permissions,
        createdOn: '2018-10-29T23:55:56.5000000Z',
        updatedOn: '2021-11-11T20:13:22.4000000Z',
        createdBy: null,
        updatedBy: null,
      },
      id: `${prefix}/providers/${TYPE}/${role.name}`,
      type: TYPE,
      name: role.name,
    }));
  return [...own.map((role) => ({ name: nameOf(role.id), type: TYPE, ...role })), ...builtIn];
}

/** Usable where an assignable scope is at or above the scope asked about, management groups included. */
function isUsable(role: Wire, scope: string, world: World): boolean {
  const { subscriptionId } = parseArmPath(scope);
  const above = subscriptionId === undefined ? [] : groupsAbove(subscriptionId, world);
  const scopes = propertiesOf(role).assignableScopes;
  if (!Array.isArray(scopes)) return true;
  return scopes.some((one) => covers(String(one), scope) || above.some((group) => sameId(group, String(one))));
}

function propertiesOf(role: Wire): Wire {
  return isPlain(role.properties) ? role.properties : {};
}
