import { mergeCidr } from 'cidr-tools';
import { sameId } from './model/armId.ts';
import type { Instant, Registry } from './model/estate.ts';
import type { PostureExpectation } from './model/policy.ts';
import { type Acceptance, type Baseline, type ExpectedPosture, POSTURE_FIELDS, type Posture } from './model/posture.ts';
import { postureOf } from './posture.ts';

export { addedNetworks, type Drift, driftOf, rulesBehind } from './drift.ts';
export { putBack } from './putBack.ts';

/**
 * What is expected, field by field: what the policy says of it, else what was accepted, else what was seen first
 * (design §2). A field of which none speaks is not measured.
 */
export function expectedPosture(
  policy: PostureExpectation | undefined,
  baseline: Baseline | undefined,
): ExpectedPosture {
  const kept = baseline?.accepted ?? baseline?.firstSeen;
  const wanted = wantedBy(policy);
  const values = { ...(kept && keptBeside(wanted, kept.posture)), ...wanted };
  const origins: ExpectedPosture['origins'] = {};
  for (const field of POSTURE_FIELDS) {
    if (wanted[field] !== undefined) origins[field] = 'policy';
    else if (values[field] !== undefined) origins[field] = baseline?.accepted ? 'accepted' : 'first-seen';
  }
  return { values, origins };
}

function wantedBy(policy: PostureExpectation = {}): Partial<Posture> {
  const { ipRules } = policy;
  // Rules count only where the exposure is selected-networks; people write them in any cut and order.
  return ipRules ? { exposure: 'selected-networks', ...policy, ipRules: mergeCidr(ipRules) } : policy;
}

/** What was kept; of rules that were ignored then, a policy that wants a firewall learns that all were let in, or nobody. */
function keptBeside(wanted: Partial<Posture>, kept: Posture): Partial<Posture> {
  if (wanted.exposure !== 'selected-networks' || kept.exposure === 'selected-networks') return kept;
  const { ipRules: _ignored, ...others } = kept;
  return kept.exposure === 'private' ? { ...others, ipRules: [] } : others;
}

/** A registry seen for the first time is taken as it is. */
export function firstSeen(registry: Registry, at: Instant): Baseline {
  const { id, createdOn } = registry;
  return { registryId: id, ...(createdOn && { createdOn }), firstSeen: { at, posture: postureOf(registry) } };
}

/** The baseline with a posture accepted; what was seen first is kept beside it. */
export function accept(
  baseline: Baseline,
  posture: Posture,
  given: Pick<Acceptance, 'at' | 'by' | 'reason'>,
): Baseline {
  const replaced = (baseline.accepted ?? baseline.firstSeen).posture;
  return { ...baseline, accepted: { ...given, posture, replaced } };
}

/**
 * Whether a baseline speaks of the registry that stands there now. One that was deleted and made again under the same
 * id is another registry; where either has no date of creation, nobody can tell, and it is taken for the same.
 */
export function isOf({ registryId, createdOn }: Baseline, registry: Registry): boolean {
  if (!sameId(registryId, registry.id)) return false;
  return createdOn === undefined || registry.createdOn === undefined || createdOn === registry.createdOn;
}

/** A registry keeps its name and its date of creation when it is moved to another group or subscription. */
export function movedFrom(baseline: Baseline, { id, name, createdOn }: Registry): boolean {
  const sameName = baseline.registryId.toLowerCase().endsWith(`/registries/${name.toLowerCase()}`);
  return sameName && createdOn !== undefined && baseline.createdOn === createdOn && !sameId(baseline.registryId, id);
}
