import type { PostureChange, RecordedChange } from './change.ts';
import type { Credential } from './credential.ts';
import type { Cluster, Instant, Registry, Subscription } from './estate.ts';
import type { ComparedFinding } from './finding.ts';
import type { Gap } from './gap.ts';
import type { Policy, PolicyProblem } from './policy.ts';
import type { Severity } from './severity.ts';

/** A subscription id, one with `~1of2` behind it for a part of it, or `tenant` for what crosses subscriptions. */
export type ShardName = string;
export const TENANT_SHARD: ShardName = 'tenant';

/** What planSweep decided: read by every shard of the sweep, and by what closes it. */
export interface Plan {
  version: 1;
  /** sorts by time: `20261124T060000Z` */
  sweepId: string;
  sweptAt: Instant;
  tenantId: string;
  /** the same for every shard, even if the file changes meanwhile */
  policy: Policy;
  /** the policy that was uploaded cannot be used */
  policyProblem?: PolicyProblem;
  subscriptions: PlannedSubscription[];
  /**
   * ids of all subscriptions of the tenant that can be seen, swept or not, and of those that were or are to be swept
   * and cannot be seen; absent: their list is broken
   */
  tenantSubscriptions?: string[];
  /** what Resource Graph remembers of all registries; absent: it could not be read */
  changes?: RecordedChange[];
  /** ids of the subscriptions of whose registries something was kept when it was made; absent: by an older version */
  baselinesOf?: string[];
  /** what could not be planned: a subscription asked for and not seen, a list that broke */
  gaps: Gap[];
}

export interface PlannedSubscription extends Subscription {
  /** swept only to bring what was open there to an end, since the policy wants it no longer */
  retired: boolean;
  /** into how many shards it is cut; absent: it is one */
  parts?: number;
  /** the shards of an older cut that were swept, and have not been taken over by all shards of this one */
  formerly?: ShardName[];
}

export type Outcome = 'complete' | 'partial' | 'failed';

/** What one shard's sweep came to: the row of kind `shard`. */
export interface ShardReport {
  sweepId: string;
  sweptAt: Instant;
  shard: ShardName;
  startedAt: Instant;
  finishedAt: Instant;
  outcome: Outcome;
  registriesSeen: number;
  registriesRead: number;
  registriesDeleted: number;
  findings: number;
  findingsBySeverity: Record<Severity, number>;
  gaps: Gap[];
  requests: number;
  throttled: number;
  rowsPublished: number;
  rowsUndelivered: number;
}

/** Everything one shard's sweep found, for whoever started it. */
export interface ShardResult {
  report: ShardReport;
  findings: ComparedFinding[];
  credentials: Credential[];
  /** of the tenant none: they are the subscriptions' */
  registries: Registry[];
  /** of the tenant, where a check asks for them */
  clusters?: Cluster[];
  changes: PostureChange[];
}
