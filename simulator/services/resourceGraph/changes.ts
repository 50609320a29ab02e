import type { Wire } from '../../estate.ts';
import { isPlain } from '../../mergePatch.ts';
import { parseArmPath } from '../../resourceId.ts';
import type { World } from '../../world.ts';
import { isKept } from './resources.ts';
import type { QueryScope } from './scope.ts';

/** "Get resource changes": kept for fourteen days. */
const KEPT_MS = 14 * 86_400_000;

/** Changes of the last fourteen days to resources that the caller may read. */
export function changeRows({ subscriptions }: QueryScope, world: World): Wire[] {
  const now = world.now().getTime();
  return world.estate.changes.filter((change) => {
    const properties = isPlain(change.properties) ? change.properties : {};
    const target = String(properties.targetResourceId ?? change.id);
    const { type, subscriptionId } = parseArmPath(target);
    if (subscriptionId === undefined || !subscriptions.has(subscriptionId.toLowerCase())) return false;
    if (!isKept(target) || world.isDenied(`${type}/read`, target)) return false;
    const attributes = isPlain(properties.changeAttributes) ? properties.changeAttributes : {};
    const at = Date.parse(String(attributes.timestamp));
    return at >= now - KEPT_MS && at <= now;
  });
}
