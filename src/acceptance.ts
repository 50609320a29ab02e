import type { PostureChange, Snapshot } from './model/change.ts';
import type { Baseline } from './model/posture.ts';
import { changedFields } from './posture.ts';
import { changeIdOf } from './rewind.ts';

/** Somebody accepted a posture since the last sweep: a change of what is expected, with an actor and a reason. */
export function acceptanceOf(baseline: Baseline | undefined, before: Snapshot | undefined): PostureChange[] {
  const accepted = baseline?.accepted;
  if (!before || !accepted || accepted.at === before.acceptedAt) return [];
  const { registryId } = before;
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
