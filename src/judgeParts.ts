import { setImmediate } from 'node:timers/promises';
import { credentialsOf } from './access/credentials.ts';
import { type About, isAmong, principalOf } from './byPrincipal.ts';
import { CHECKS } from './checks/index.ts';
import type { TenantPart } from './collect/tenantParts.ts';
import { type Comparison, compare, isOpen } from './compare.ts';
import { stillDiffers } from './drift.ts';
import { judge, takesPart } from './judge.ts';
import { sameId } from './model/armId.ts';
import { type CheckInput, needsAt } from './model/check.ts';
import type { Credential } from './model/credential.ts';
import type { Facts, RoleAssignment } from './model/estate.ts';
import type { ComparedFinding, Finding } from './model/finding.ts';
import { type Plan, type ShardName, TENANT_SHARD } from './model/sweep.ts';
import { withMutes } from './mute.ts';
import { packed } from './packed.ts';
import type { Remembered } from './remember.ts';
import { isInScope } from './scope.ts';
import type { ShardState } from './state/shardState.ts';
import { isOfOtherCut } from './tellGaps.ts';
import { givenSince } from './tenantChanges.ts';

/** What the parts of a shard come to. Of the tenant it is made anew each time that somebody looks at it. */
export interface Judged {
  open: Iterable<ComparedFinding>;
  resolved: Iterable<ComparedFinding>;
  credentials: Iterable<Credential>;
  /** of the tenant: the roles that were given since the last sweep */
  given: RoleAssignment[];
}

export interface JudgeRequest {
  plan: Plan;
  shard: ShardName;
  /** of all parts, with every gap */
  facts: Facts;
  known?: Remembered;
  last?: ShardState;
}

/**
 * Judges a shard part by part and compares each with what was open there: of every finding, the part that it is about.
 * Between two parts others have their turn.
 */
export async function judgeParts(parts: Iterable<TenantPart>, request: JudgeRequest): Promise<Judged> {
  const { plan, shard, known, last } = request;
  const { policy, policyProblem, sweptAt } = plan;
  const isTenant = shard === TENANT_SHARD;
  const listed = isTenant ? packed : plain;
  const [open, resolved] = [listed<ComparedFinding>(), listed<ComparedFinding>()];
  const credentials = listed<Credential>();
  const given: RoleAssignment[] = [];
  const moving = { from: listed<ComparedFinding>(), to: listed<Finding>() };
  const common = comparison(request);
  const conclude = (previous: Iterable<ComparedFinding>, current: Finding[]): void => {
    const compared = compare({ previous, current, ...common });
    for (const finding of withMutes(compared, policy, sweptAt)) (isOpen(finding) ? open : resolved).add(finding);
  };
  for (const part of parts) {
    const isOwn = ownIn(shard, part);
    const input: CheckInput = {
      ...part.facts,
      credentials: credentialsOf(part.facts, sweptAt, policy),
      now: sweptAt,
      policy,
      ...(policyProblem && { policyProblem }),
      ...(known && { remembered: known.memory }),
    };
    const current = judge(input, shard, isOwn);
    if (isTenant) {
      given.push(...givenSince(last, part));
      const staying = withoutMoving([...previousOf(last, part)], current, moving);
      conclude(staying.previous, staying.current);
    } else conclude(last?.findings ?? [], current);
    for (const credential of input.credentials) if (isOwn(credential)) credentials.add(credential);
    await setImmediate();
  }
  if (isTenant) conclude(moving.from, [...moving.to]);
  return { open, resolved, credentials, given };
}

function comparison({ plan, shard, facts, known }: JudgeRequest): Omit<Comparison, 'previous' | 'current'> {
  const { policy, sweptAt } = plan;
  return {
    // Where the list of subscriptions broke, nobody knows which of them are the tenant's own.
    gaps: shard === TENANT_SHARD ? facts.gaps : [...facts.gaps, ...plan.gaps],
    // Of a registry that was made again nothing is left but its name.
    deleted: [...facts.deleted, ...(known?.recreated ?? [])],
    stillDiffers: ({ resourceId, evidence }) =>
      facts.registries.some((registry) => sameId(registry.id, resourceId) && stillDiffers(registry, evidence)),
    sweptAt,
    needsOf: (checkId, resourceId) => {
      const check = CHECKS.find((one) => one.id === checkId && takesPart(one, shard, policy));
      // Not looked for where it does not matter: there may be thousands.
      const registry = check?.needsAt && facts.registries.find(({ id }) => sameId(id, resourceId));
      return check && needsAt(check, registry);
    },
    inScope: (finding) => (isOfOtherCut(shard, finding) ? false : isInScope(finding, facts, plan)),
  };
}

/**
 * A role assignment that is made anew for somebody else may keep its id: what was open of it in one part and what is wrong
 * with it in another are one finding. Those that are in one of both only are noted, to be compared after all parts.
 */
function withoutMoving(previous: ComparedFinding[], current: Finding[], moving: Moving) {
  const mayMove = (others: Finding[]): ((finding: Finding) => boolean) => {
    const there = new Set(others.map(({ findingId }) => findingId));
    return ({ resourceId, findingId }) => /\/roleAssignments\/[^/]+$/i.test(resourceId) && !there.has(findingId);
  };
  const [from, to] = [Map.groupBy(previous, mayMove(current)), Map.groupBy(current, mayMove(previous))];
  for (const finding of from.get(true) ?? []) moving.from.add(finding);
  for (const finding of to.get(true) ?? []) moving.to.add(finding);
  return { previous: from.get(false) ?? [], current: to.get(false) ?? [] };
}

/** The credentials of a shard whose findings are known, as {@link judgeParts} gives them. */
export function* credentialsIn(parts: Iterable<TenantPart>, { policy, sweptAt }: Plan, shard: ShardName) {
  for (const part of parts) yield* credentialsOf(part.facts, sweptAt, policy).filter(ownIn(shard, part));
}

/** Whether something is to be said by a part of a shard: each principal is of one, though several know it. */
function ownIn(shard: ShardName, { bins }: TenantPart): (one: About) => boolean {
  return (one) => shard !== TENANT_SHARD || isAmong(bins, principalOf(one));
}

/** What was open of a part of the tenant. */
function previousOf(last: ShardState | undefined, part: TenantPart): Iterable<ComparedFinding> {
  if (!last) return [];
  const { findings } = last;
  return findings.within?.(part.bins) ?? [...findings].filter(ownIn(TENANT_SHARD, part));
}

interface Moving {
  from: List<ComparedFinding>;
  to: List<Finding>;
}

interface List<T> {
  add(item: T): void;
}

/** A list as it is. */
function plain<T>(): List<T> & Iterable<T> {
  const items: T[] = [];
  return { add: (item) => items.push(item), [Symbol.iterator]: () => items[Symbol.iterator]() };
}
