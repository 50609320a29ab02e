import type { PostureChange, Snapshot } from './model/change.ts';
import type { Baseline } from './model/posture.ts';
import { changedFields } from './posture.ts';
import { changeIdOf } from './rewind.ts';

/**
 * Somebody accepted a posture and no sweep has told of it: a change of what is expected, with an actor and a reason. The
 * last sweep that saw the registry may have, before the baseline says so.
 */
export function acceptanceOf(baseline: Baseline | undefined, before: Snapshot | undefined): PostureChange[] {
  if (!baseline?.accepted) return [];
  const { registryId, accepted } = baseline;
  if (accepted.told || accepted.at === before?.acceptedAt) return [];
  return changedFields(accepted.replaced, accepted.posture).map((field) => ({
    changeId: changeIdOf(registryId, field, `accepted ${accepted.at}`),
    registryId,
    property: field,
    before: accepted.replaced[field],
    after: accepted.posture[field],
    changedBy: accepted.by,
    changedByType: 'User',
    client: 'acr-warden',
    operation: `baseline accept: ${accepted.reason}`,
    correlationId: '',
    changedAt: accepted.at,
    source: 'baseline',
  }));
}
