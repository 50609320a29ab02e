import type { Plan, ShardName, ShardReport } from '../model/sweep.ts';
import { ABSENT, ConflictError, readDocument, type Store } from './store.ts';

const PREFIX = 'sweeps/';

/** Stores the plan of a sweep once; a repeated call for the same sweep returns the plan that is there. */
export async function storePlan(store: Store, plan: Plan): Promise<Plan> {
  try {
    await store.write(planName(plan.sweepId), JSON.stringify(plan), ABSENT);
    return plan;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return readPlan(store, plan.sweepId);
  }
}

/** The plan of a sweep; throws when there is none: it was never made, or the sweep was closed days ago. */
export async function readPlan(store: Store, sweepId: string): Promise<Plan> {
  const loaded = await readDocument<Plan>(store, planName(sweepId), 1);
  if (!loaded) throw new Error(`there is no plan of sweep ${sweepId} in ${store.place}`);
  return loaded.document;
}

/** Notes that a shard has been swept, published and saved. */
export async function storeReport(store: Store, report: ShardReport): Promise<void> {
  await store.write(reportName(report.sweepId, report.shard), JSON.stringify({ version: 1, ...report }));
}

/** What a shard reported; undefined when it has not. */
export async function readReport(store: Store, sweepId: string, shard: ShardName): Promise<ShardReport | undefined> {
  const loaded = await readDocument<ShardReport & { version: 1 }>(store, reportName(sweepId, shard), 1);
  if (!loaded) return undefined;
  const { version: _, ...report } = loaded.document;
  return report;
}

/** Ids of the sweeps that are planned and not closed yet, oldest first. */
export async function openSweeps(store: Store): Promise<string[]> {
  const names = new Set(await store.list(PREFIX));
  return sweepIds(names).filter((sweepId) => !names.has(closedName(sweepId)));
}

/** Notes that the closing row of a sweep has been written. */
export async function markClosed(store: Store, sweepId: string): Promise<void> {
  await store.write(closedName(sweepId), JSON.stringify({ version: 1 }));
}

/**
 * Forgets the closed sweeps before `sweepId`. Until then a late message still finds its plan. Plans go last, so that an
 * interrupted call can be repeated.
 */
export async function forgetBefore(store: Store, sweepId: string): Promise<void> {
  const names = new Set(await store.list(PREFIX));
  for (const old of sweepIds(names)) {
    if (old >= sweepId || !names.has(closedName(old))) continue;
    const own = [...names].filter((name) => name.startsWith(`${PREFIX}${old}/`) && name !== planName(old));
    for (const name of own) await store.remove(name);
    await store.remove(planName(old));
  }
}

function sweepIds(names: Set<string>): string[] {
  return [...names]
    .filter((name) => name.endsWith('/plan.json'))
    .map((name) => name.slice(PREFIX.length, -'/plan.json'.length));
}

function closedName(sweepId: string): string {
  return `${PREFIX}${sweepId}/closed.json`;
}

function planName(sweepId: string): string {
  return `${PREFIX}${sweepId}/plan.json`;
}

function reportName(sweepId: string, shard: ShardName): string {
  return `${PREFIX}${sweepId}/reports/${shard}.json`;
}
