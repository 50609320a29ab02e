import { covers } from '../../resourceId.ts';
import type { World } from '../../world.ts';

/**
 * What the caller may do at a scope: Reader, less what the estate denies. A right that is missing anywhere below the
 * scope cannot have been granted at the scope (rights only add up on the way down), so it is missing here too.
 */
export function permissionsAt(scope: string, world: World): object[] {
  const here = world.estate.denied.filter(({ action, scope: where = '/' }) => {
    const isArm = /^microsoft\.[^:]+$/i.test(action) || (action === '*' && where.startsWith('/'));
    return isArm && (covers(where, scope) || covers(scope, where));
  });
  if (here.some((denial) => denial.action === '*')) return [];
  const notActions = [...new Set(here.map((denial) => denial.action))];
  return [{ actions: ['*/read'], notActions, dataActions: [], notDataActions: [] }];
}
