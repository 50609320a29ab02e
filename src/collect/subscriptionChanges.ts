import type { Azure } from '../azure.ts';
import type { RecordedChange } from '../model/change.ts';
import type { Gap } from '../model/gap.ts';
import { SOURCES } from '../model/source.ts';
import { attempt } from './attempt.ts';
import { allowsAction, effectivePermissions } from './permissions.ts';

/**
 * What was read in bulk of one subscription's registries, if it may be believed: Resource Graph leaves out in silence
 * what the caller may not read, so the caller's permissions there are looked at first. Otherwise a gap, and undefined.
 */
export async function believedChanges(
  azure: Azure,
  subscriptionId: string,
  bulk: RecordedChange[] | undefined,
  gaps: Gap[],
): Promise<RecordedChange[] | undefined> {
  if (!bulk) return undefined;
  const scope = `/subscriptions/${subscriptionId}`;
  const permissions = await attempt(gaps, 'changes', scope, () => effectivePermissions(azure, subscriptionId));
  if (!permissions) return undefined;
  const { permission, title } = SOURCES.changes;
  if (!allowsAction(permissions, permission)) {
    const reason = `cannot rely on the ${title} of ${scope}: ${permission} is not granted everywhere in it, and Resource Graph leaves out the rest in silence`;
    gaps.push({ source: 'changes', scope, code: 'PermissionMissing', reason, permission });
    return undefined;
  }
  const prefix = `${scope}/`.toLowerCase();
  return bulk.filter(({ resourceId }) => resourceId.toLowerCase().startsWith(prefix));
}
