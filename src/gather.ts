import { ladderStep } from './access/expiry.ts';
import { mapMayChange } from './access/tokenCredentials.ts';
import { CHECKS } from './checks/index.ts';
import { registryUnreachable } from './checks/registry-unreachable.ts';
import { tokenPasswordExpired } from './checks/token-password-expired.ts';
import { seldom, seldomKey } from './collect/seldom.ts';
import { collectSubscription } from './collect/subscriptionShard.ts';
import type { TenantPart } from './collect/tenantParts.ts';
import { readTenant } from './collect/tenantShard.ts';
import { isOpen } from './compare.ts';
import { sourcesOf } from './judge.ts';
import { type DirectorySecret, type Facts, type Instant, noFacts, type Registry } from './model/estate.ts';
import type { ComparedFinding } from './model/finding.ts';
import type { Gap } from './model/gap.ts';
import { hasTags } from './model/pattern.ts';
import type { Policy } from './model/policy.ts';
import { severityRank } from './model/severity.ts';
import type { Source } from './model/source.ts';
import type { Plan, ShardName } from './model/sweep.ts';
import { formerShards } from './past.ts';
import { partOf } from './shard.ts';
import { readListed } from './state/listed.ts';
import { loadRemembered, saveRemembered } from './state/seldomState.ts';
import type { ShardState } from './state/shardState.ts';
import type { SweepContext } from './sweep.ts';

export interface Gathered {
  /** of the tenant without what is of principals */
  facts: Facts;
  /** all that is to be judged; of the tenant some principals at a time */
  parts(): Iterable<TenantPart>;
  /** keeps what changes seldom for the next sweep, but not what the findings that page stand on */
  keep(findings: Iterable<ComparedFinding>): Promise<void>;
}

/** Reads what a shard judges, as its plan and its last sweep want it. */
export async function gather(
  { azure, store }: SweepContext,
  plan: Plan,
  shard: ShardName,
  last: ShardState | undefined,
): Promise<Gathered> {
  const { tenantId, policy } = plan;
  const inScope = (registry: Registry): boolean => !isExcluded(registry, policy);
  const part = partOf(shard);
  const subscription = plan.subscriptions.find(({ subscriptionId }) => subscriptionId === part?.subscriptionId);
  if (part && !subscription) throw new Error(`subscription ${shard} is not in the plan of sweep ${plan.sweepId}`);
  if (subscription?.retired) {
    const facts = noFacts(tenantId);
    return { facts, parts: () => [{ facts }], keep: async () => undefined };
  }
  const memory = seldom({
    before: await loadRemembered(store, [...formerShards(plan, shard), shard], last?.sweepId),
    now: plan.sweptAt,
    changedAt: lastChanges(plan),
    ofPrincipals: !part,
  });
  const listed = part && part.parts > 1 ? await readListed(store, plan.sweepId, shard) : undefined;
  const { registries: known = [], notReached = {} } = last ?? {};
  const common = { tenantId, known, notReached, memory, inScope, needed: sourcesOf(shard, policy) };
  const keepBehind = (gaps: Gap[]): Gathered['keep'] => {
    const isWhole = gaps.length === 0;
    return (findings) => saveRemembered(store, shard, plan.sweepId, memory.toRemember(urgentReads(findings), isWhole));
  };
  if (part && subscription) {
    const facts = await collectSubscription(azure, {
      ...common,
      subscription,
      part,
      ...(listed && { listed }),
      ...(plan.tenantSubscriptions && { tenantSubscriptions: plan.tenantSubscriptions }),
    });
    return { facts, parts: () => [{ facts }], keep: keepBehind(facts.gaps) };
  }
  const { whole, parts } = await readTenant(azure, {
    ...common,
    subscriptions: plan.subscriptions.filter(({ retired }) => !retired),
    vaults: policy.vaults,
    isDecisive: (federated, secrets) => isDecisive(federated, secrets, plan),
  });
  // What could not be planned is told once.
  whole.gaps.push(...plan.gaps);
  return { facts: whole, parts, keep: keepBehind(whole.gaps) };
}

/** What the findings that page stand on is read in every sweep, so that a repair ends the alert at once. */
function urgentReads(findings: Iterable<ComparedFinding>): Set<string> {
  const urgent = new Set<string>();
  for (const finding of findings) {
    const { checkId, registryId, resourceId, severity } = finding;
    if (!isOpen(finding) || severityRank(severity) < severityRank('high')) continue;
    const needs = CHECKS.find(({ id }) => id === checkId)?.needs ?? [];
    // A finding of a registry that is shut ends with the registry, which is read anyway.
    const isShut = checkId === registryUnreachable.id && finding.evidence.publicNetworkAccess === 'Disabled';
    const isReadAnyway = (source: Source): boolean =>
      (source === 'scopeMaps' && !mayEndWithItsMap(finding)) || (source === 'usages' && isShut);
    for (const source of needs) if (!isReadAnyway(source)) urgent.add(seldomKey(source, registryId));
    // Of a principal both stand behind whatever is said of its credentials.
    for (const source of ['owners', 'federatedCredentials'] as const) urgent.add(seldomKey(source, resourceId));
  }
  return urgent;
}

/**
 * Whether a token that may do less would end what its finding pages for. It ends with the token, which is read anyway, where
 * the map raised nothing: what has expired is critical whatever it allowed.
 */
function mayEndWithItsMap({ checkId, evidence }: ComparedFinding): boolean {
  if (checkId === tokenPasswordExpired.id || !mapMayChange(evidence)) return false;
  const { grants } = evidence;
  return !Array.isArray(grants) || grants.includes('push') || grants.includes('delete');
}

/**
 * Whether a holder's federated credentials say whether the end of one of its secrets pages: while one ends soon, and where
 * none works any more and nothing else was known of, which is read in every sweep anyway once it has paged.
 */
function isDecisive(federated: string[], secrets: DirectorySecret[], { sweptAt, policy }: Plan): boolean {
  const ends = secrets.map(({ expiresOn }) => expiresOn);
  if (ends.some((end) => end !== undefined && ladderStep(end, sweptAt, policy.expiry) !== undefined)) return true;
  return federated.length === 0 && ends.every((end) => end !== undefined && end <= sweptAt);
}

/** When each registry, or something in it, was last changed, as far as Azure's records tell. */
function lastChanges({ changes = [] }: Plan): Map<string, Instant> {
  const last = new Map<string, Instant>();
  for (const { resourceId, changedAt } of changes) {
    const [, registryId = ''] = /^(.*\/registries\/[^/]+)/i.exec(resourceId) ?? [];
    const key = registryId.toLowerCase();
    if (changedAt > (last.get(key) ?? '')) last.set(key, changedAt);
  }
  return last;
}

function isExcluded({ tags }: Registry, { scope }: Policy): boolean {
  return Object.keys(scope.excludeTags).length > 0 && hasTags(tags, scope.excludeTags);
}
