import type { RoleAssignmentMode } from '../model/estate.ts';

type Right = 'pull' | 'push' | 'delete';

// In a registry with permissions by repository the older roles open nothing (semantics §4).
const ROLES: Record<RoleAssignmentMode, Record<Right, string>> = {
  LegacyRegistryPermissions: { pull: 'AcrPull', push: 'AcrPush', delete: 'AcrDelete' },
  AbacRepositoryPermissions: {
    pull: 'Container Registry Repository Reader',
    push: 'Container Registry Repository Writer',
    delete: 'Container Registry Repository Contributor',
  },
};

/** The built-in role of Azure that gives a right to the images of a registry in this mode, and no more than it must. */
export function leastRole(right: Right, mode: RoleAssignmentMode): string {
  return ROLES[mode][right];
}
