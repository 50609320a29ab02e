import type { Grant } from '../model/credential.ts';
import type { RoleAssignmentMode, RolePermission } from '../model/estate.ts';

// Semantics §4; the action names are those of the built-in roles AcrPull, AcrPush, AcrDelete and of the
// Container Registry Repository roles (Azure's built-in roles reference, containers).
const LEGACY: Record<Exclude<Grant, 'admin'>, string> = {
  pull: 'Microsoft.ContainerRegistry/registries/pull/read',
  push: 'Microsoft.ContainerRegistry/registries/push/write',
  delete: 'Microsoft.ContainerRegistry/registries/artifacts/delete',
};
const ABAC: Record<Exclude<Grant, 'admin'>, string> = {
  pull: 'Microsoft.ContainerRegistry/registries/repositories/content/read',
  push: 'Microsoft.ContainerRegistry/registries/repositories/content/write',
  delete: 'Microsoft.ContainerRegistry/registries/repositories/content/delete',
};
const ADMINISTER = 'Microsoft.ContainerRegistry/registries/write';
/** All that somebody may do, in the order in which it is shown. */
export const GRANTS: readonly Grant[] = ['pull', 'push', 'delete', 'admin'];

/** What a role gives at a registry of this mode, evaluated from its wildcards and never from its name. */
export function grantsOfRole(permissions: RolePermission[], mode: RoleAssignmentMode): Grant[] {
  const grants = new Set<Grant>();
  for (const grant of ['pull', 'push', 'delete'] as const) {
    const allowed =
      mode === 'LegacyRegistryPermissions'
        ? allows(permissions, 'actions', LEGACY[grant])
        : allows(permissions, 'dataActions', ABAC[grant]);
    if (allowed) grants.add(grant);
  }
  if (allows(permissions, 'actions', ADMINISTER)) grants.add('admin');
  return GRANTS.filter((grant) => grants.has(grant));
}

/** Whether a role gives what ABAC mode ignores and nothing else: rights to images in legacy mode. */
export function givesImagesOnly(permissions: RolePermission[]): boolean {
  const known = Object.values(LEGACY).map((action) => action.toLowerCase());
  return permissions.every(
    ({ actions, dataActions }) =>
      dataActions.length === 0 && actions.every((action) => known.includes(action.toLowerCase())),
  );
}

/** What a scope map's actions give: `repositories/<name>/content/read` and the like. */
export function grantsOfScopeMap(actions: string[]): Grant[] {
  const has = (verb: string): boolean => actions.some((action) => action.toLowerCase().endsWith(`/content/${verb}`));
  const grants: Grant[] = [];
  if (has('read')) grants.push('pull');
  if (has('write')) grants.push('push');
  if (has('delete')) grants.push('delete');
  return grants;
}

/** Whether a scope map lets its tokens write to any repository there is or will be. */
export function writesEverywhere(actions: string[]): boolean {
  return actions.some((action) => /^repositories\/\*+\/(?:content\/write|content\/\*|\*)$/i.test(action));
}

/** The grants of two ways in, in one order. */
export function unionOfGrants(a: Grant[], b: Grant[]): Grant[] {
  return GRANTS.filter((grant) => a.includes(grant) || b.includes(grant));
}

/** Azure subtracts notActions within each permission of a role; permissions add up. */
function allows(permissions: RolePermission[], kind: 'actions' | 'dataActions', action: string): boolean {
  const not = kind === 'actions' ? 'notActions' : 'notDataActions';
  return permissions.some(
    (permission) =>
      permission[kind].some((pattern) => matches(pattern, action)) &&
      !permission[not].some((pattern) => matches(pattern, action)),
  );
}

/** Azure's action patterns: `*` stands for any run of characters, slashes too; letter case does not matter. */
function matches(pattern: string, action: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const text = action.toLowerCase();
  if (parts.length === 1) return parts[0] === text;
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
