import { mergeCidr } from 'cidr-tools';
import { sameId } from './model/armId.ts';
import type { Snapshot } from './model/change.ts';
import type { Instant, Registry } from './model/estate.ts';
import type { PostureExpectation } from './model/policy.ts';
import { type Acceptance, type Baseline, type ExpectedPosture, POSTURE_FIELDS, type Posture } from './model/posture.ts';
import { postureOf } from './posture.ts';

export { allBehind, whoOf } from './behind.ts';
export { addedNetworks, type Drift, driftOf, rulesBehind } from './drift.ts';
export { coverOf } from './network.ts';
export { openersOf, openingsOf } from './opened.ts';
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
  const { ipRules, exportPolicy } = policy;
  if (!ipRules) return policy;
  // Rules count only where the exposure is selected-networks, and without export it is private.
  const exposure: Partial<Posture> = exportPolicy === 'disabled' ? {} : { exposure: 'selected-networks' };
  // People write them in any cut and order.
  return { ...exposure, ...policy, ipRules: mergeCidr(ipRules) };
}

/** What was kept, without what cannot stand beside the exposure that the policy wants, or was ignored beside another. */
function keptBeside({ exposure }: Partial<Posture>, kept: Posture): Partial<Posture> {
  const { ipRules, exportPolicy, ...others } = kept;
  const firewall = exposure === 'selected-networks' && kept.exposure !== 'selected-networks';
  const closed = exposure === undefined || exposure === 'private';
  return {
    ...others,
    ...(!firewall && { ipRules }),
    ...((closed || exportPolicy === 'enabled') && { exportPolicy }),
  };
}

/** A registry seen for the first time is taken as it is. */
export function firstSeen(registry: Registry, at: Instant): Baseline {
  const { id, createdOn } = registry;
  return { registryId: id, ...(createdOn && { createdOn }), firstSeen: { at, posture: postureOf(registry) } };
}

/**
 * A baseline made of what the sweep at that time expected of a registry, as if it had been seen so: who accepted it is not
 * known any more. What was not measured is as that sweep saw it. Undefined where that sweep had no baseline.
 */
export function measuredAt(at: Instant, { registryId, createdOn, settings, expected }: Snapshot): Baseline | undefined {
  const { values, origins } = expected;
  if (Object.values(origins).every((origin) => origin === 'policy')) return undefined;
  const { roleAssignmentMode: _mode, sku: _sku, ...live } = settings;
  const posture = { ...live, ...values };
  return { registryId, ...(createdOn && { createdOn }), firstSeen: { at, posture }, rebuiltAt: at };
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

/** The baseline with a note that its acceptance was told, if it is the one of which a sweep has. */
export function withTold(baseline: Baseline, toldAt: Instant | undefined): Baseline {
  const { accepted } = baseline;
  return accepted && accepted.at === toldAt ? { ...baseline, accepted: { ...accepted, told: true } } : baseline;
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

/** Of the baselines that one registry had in several places: the one spoken of last, else the one seen first of all. */
export function lastWord(baselines: Baseline[]): Baseline | undefined {
  return baselines.reduce<Baseline | undefined>((best, one) => (best && !outweighs(one, best) ? best : one), undefined);
}

function outweighs(one: Baseline, other: Baseline): boolean {
  const [mine, others] = [spokenOfAt(one), spokenOfAt(other)];
  return mine === others ? one.firstSeen.at < other.firstSeen.at : mine > others;
}

function spokenOfAt({ accepted, rebuiltAt }: Baseline): Instant {
  return accepted?.at ?? rebuiltAt ?? '';
}
