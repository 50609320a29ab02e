import {
  addedNetworks,
  allBehind,
  type Drift,
  driftOf,
  expectedPosture,
  putBack,
  rulesBehind,
  whoOf,
} from '../baseline.ts';
import type { Check } from '../model/check.ts';
import type { Registry } from '../model/estate.ts';
import { expectedByPolicy } from '../model/expectation.ts';
import type { Hit } from '../model/finding.ts';
import { type Gap, gapCovers } from '../model/gap.ts';
import { dayOf } from '../model/instant.ts';
import type { RegistryMemory } from '../model/memory.ts';
import type { ExpectedPosture } from '../model/posture.ts';
import { worst } from '../model/severity.ts';

/** A registry is not as its policy says, as it was accepted, or as it was first seen; it stays so until it is settled. */
export const publicAccessDrift: Check = {
  id: 'public-access-drift',
  title: 'Registry posture differs from what is expected',
  category: 'network',
  severity: 'high',
  needs: ['registries'],
  saysWho: true,
  run: ({ registries, policy, remembered, gaps }) =>
    registries.flatMap((registry) => {
      const memory = remembered?.get(registry.id.toLowerCase());
      const expected = expectedPosture(expectedByPolicy(registry, policy), memory?.baseline);
      const drifts = driftOf(registry, expected);
      return drifts.length === 0 ? [] : [hitOf(registry, drifts, expected, { memory, gaps })];
    }),
};

interface Known {
  memory: RegistryMemory | undefined;
  gaps: Gap[];
}

function hitOf(registry: Registry, drifts: Drift[], expected: ExpectedPosture, { memory, gaps }: Known): Hit {
  const severity = worst(drifts.map((drift) => drift.severity)) ?? 'low';
  const differences = drifts.map((drift) => wordsOf(drift, registry, expected, memory)).join('; ');
  const behind = allBehind(drifts, memory);
  const [first] = behind;
  const unread = gaps.some(
    (gap) => (gap.source === 'changes' || gap.source === 'activityLog') && gapCovers(gap, registry.id),
  );
  return {
    resourceId: registry.id,
    severity,
    reason: `${registry.name}: ${differences}.${severity === 'low' ? adviceOf(drifts) : ''} ${whoOf(behind, unread)}.`,
    evidence: Object.fromEntries(
      drifts.map(({ field, expected: wanted, live }) => [field, { expected: wanted, live }]),
    ),
    changedBy: first?.change?.changedBy ?? 'unknown',
    ...(first?.change?.changedAt && { changedAt: first.change.changedAt }),
    fix: [
      `Put it back: ${putBack(registry, drifts, expected.values).join(' && ')}`,
      ...waysToAccept(registry, drifts, expected),
    ].join('; or '),
  };
}

function adviceOf(drifts: Drift[]): string {
  const opensNothing = drifts.every(({ field }) => field === 'dataEndpoint');
  return ` ${opensNothing ? 'It opens nothing' : 'It is stricter than expected'}: accept it or fix the policy.`;
}

function waysToAccept({ name }: Registry, drifts: Drift[], { origins }: ExpectedPosture): string[] {
  const byPolicy = drifts.filter(({ field }) => origins[field] === 'policy').map(({ field }) => field);
  const accept = `accept it: acr-warden baseline accept ${name} --reason '<why>' --state <folder or container>`;
  return [
    ...(byPolicy.length > 0 ? [`change what warden.yaml expects of ${byPolicy.join(', ')}`] : []),
    // What the policy says of a field counts more than what was accepted.
    ...(byPolicy.length < drifts.length ? [accept] : []),
  ];
}

function wordsOf(
  { field, expected: wanted, live }: Drift,
  registry: Registry,
  { origins }: ExpectedPosture,
  memory: RegistryMemory | undefined,
): string {
  const from = originOf(origins[field], memory);
  if (!Array.isArray(wanted) || !Array.isArray(live)) return `${field} is ${live}, expected ${wanted} (${from})`;
  const surplus = rulesBehind(addedNetworks(wanted, live), registry);
  const missing = addedNetworks(live, wanted);
  const parts = [
    ...(surplus.length > 0 ? [`ipRules let in ${some(surplus)}`] : []),
    ...(missing.length > 0 ? [`ipRules no longer let in ${some(missing)}`] : []),
  ];
  return `${parts.join(' and ')}, other than expected (${from})`;
}

/** A registry may have 200 rules; the evidence has them all. */
function some(networks: string[]): string {
  const shown = networks.slice(0, 5).join(', ');
  return networks.length > 5 ? `${shown} and ${networks.length - 5} more` : shown;
}

function originOf(origin: ExpectedPosture['origins'][Drift['field']], memory: RegistryMemory | undefined): string {
  const { baseline } = memory ?? {};
  if (origin === 'accepted' && baseline?.accepted) {
    return `accepted by ${baseline.accepted.by} on ${dayOf(baseline.accepted.at)}`;
  }
  if (origin === 'first-seen' && baseline) return `first seen on ${dayOf(baseline.firstSeen.at)}`;
  return 'by the policy';
}
