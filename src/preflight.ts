import type { Azure } from './azure.ts';
import { EACH_SUBSCRIPTION, type Gap } from './model/gap.ts';
import type { Policy } from './model/policy.ts';
import { planSweep } from './plan.ts';
import { examineClock } from './preflight/clock.ts';
import { examineIngestion, examineWorkspace } from './preflight/destination.ts';
import type { Examined, Verdict } from './preflight/examined.ts';
import { neededPermissions } from './preflight/needed.ts';
import {
  examineGraph,
  examineManagementGroups,
  examineSubscriptions,
  examineVaults,
  readerAt,
} from './preflight/rights.ts';
import { examineState } from './preflight/state.ts';
import type { Destination } from './publish/ingestion.ts';
import { memoryStore } from './state/memory.ts';
import type { Store } from './state/store.ts';

export interface PreflightRequest {
  azure: Azure;
  policy: Policy;
  /** what was found out about settings and the policy before anything was asked of Azure */
  before: Examined[];
  /** object id of the identity, for the commands that grant */
  principalId?: string;
  tenantId?: string;
  destination?: Destination;
  workspaceId?: string;
  /** whose rows are meant; absent: those of whoever closed a sweep last */
  environment?: string;
  store?: Store;
  /** a name that nobody else uses, for what is written into the store */
  probe: string;
  clock(): Date;
}

/**
 * Everything that a sweep under a policy depends on, tested for the identity at work. It changes nothing: what it writes
 * into the store it removes again, and no row is sent. Throws a NoSignInError when there is no identity at all.
 */
export async function preflight(request: PreflightRequest): Promise<Examined[]> {
  const { azure, policy, before, principalId, tenantId, destination, workspaceId, environment, store, probe, clock } =
    request;
  const needed = neededPermissions(policy);
  const sweptAt = clock().toISOString();
  // Into memory: it is only about what a sweep would cover.
  const plan = await planSweep(azure, memoryStore(), { policy, sweptAt, ...(tenantId && { tenantId }) });
  const places = [
    ...(await examineManagementGroups(azure, policy.scope.managementGroups ?? [], principalId)),
    ...(await examineSubscriptions(azure, plan.subscriptions, needed, principalId)),
  ];
  return [
    ...before,
    await examineClock(azure, clock),
    ...planned(plan.gaps, places, principalId),
    ...places,
    ...(await examineGraph(azure, needed, principalId)),
    ...(await examineVaults(
      azure,
      policy.vaults.map(({ url }) => url),
      needed,
      principalId,
    )),
    ...(destination ? [await examineIngestion(azure, destination, principalId)] : []),
    ...(workspaceId ? await examineWorkspace(azure, { workspaceId, environment }, principalId) : []),
    ...(store ? await examineState(store, probe, principalId) : []),
  ];
}

/** What could not be planned, where the place's own examination does not say it already. */
function planned(gaps: Gap[], places: Examined[], principalId: string | undefined): Examined[] {
  return gaps
    .filter((gap) => !places.some((one) => one.verdict !== 'ok' && one.scope === gap.scope))
    .map(({ scope, reason, permission }) => ({
      area: 'azure',
      scope,
      what: scope === '/' ? 'what a sweep would cover' : scope,
      verdict: permission ? 'wrong' : 'unknown',
      detail: reason,
      ...(permission && { permission }),
      ...(permission && scope === '/' && { fix: readerAt(EACH_SUBSCRIPTION, principalId) }),
    }));
}

export function counted(examined: Examined[]): Record<Verdict, number> {
  const counts: Record<Verdict, number> = { ok: 0, wrong: 0, unknown: 0, 'not-tested': 0 };
  for (const { verdict } of examined) counts[verdict]++;
  return counts;
}
