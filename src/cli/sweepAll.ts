import pLimit from 'p-limit';
import { type Closed, closeSweeps } from '../close.ts';
import { NoSignInError } from '../collect/attempt.ts';
import type { Policy } from '../model/policy.ts';
import { type Plan, type ShardName, type ShardResult, TENANT_SHARD } from '../model/sweep.ts';
import { planSweep, shardsOf } from '../plan.ts';
import { ingestion } from '../publish/ingestion.ts';
import { readPublished } from '../state/published.ts';
import { type Untaken, untaken } from '../state/spool.ts';
import type { Store } from '../state/store.ts';
import { runSweep, type SweepContext } from '../sweep.ts';
import type { Session } from './session.ts';

/** A person's own quota serves their other tools too. */
const SHARDS_AT_ONCE = 4;

export interface SweepOptions {
  policy: Policy;
  store: Store;
  /** the store is there after this process */
  isLasting?: boolean;
  publish: boolean;
  /** the command line names the subscriptions */
  isPart?: boolean;
  sweptAt: string;
  /** told when a shard is done, or has failed */
  onShard?(shard: ShardName, result: ShardResult | Error): void;
  /** told what will be swept */
  onPlan?(plan: Plan): void;
}

/** One sweep of everything, as it was found. */
export interface WholeSweep {
  plan: Plan;
  closed: Closed;
  shards: ShardResult[];
  failed: { shard: ShardName; error: Error }[];
  /** the rows that the workspace did not take; absent: none were to be sent, or it took them all */
  undelivered?: Undelivered;
}

export interface Undelivered {
  waiting: Untaken;
  refused: Untaken;
  /** where they are; undefined: in this process only, so that they are lost */
  keptIn?: string;
}

/** Plans, sweeps every shard in this process and closes: the same steps that the deployed functions take. */
export async function sweepAll(session: Session, options: SweepOptions): Promise<WholeSweep> {
  const { store, policy, sweptAt, isLasting = false, isPart = false, publish } = options;
  const context = (): SweepContext => contextOf(session, options);
  const { tenantId, clock, standIn } = session;
  if (!publish) await refuseToSwallow(store);
  const plan = await planSweep(context().azure, store, {
    policy,
    sweptAt,
    isPart,
    // A wrong clock does harm through the rows and the state, and only where the real one counts.
    ...((publish || isLasting) && !standIn && { clock }),
    ...(tenantId && { tenantId }),
  });
  options.onPlan?.(plan);
  const shards: ShardResult[] = [];
  const failed: WholeSweep['failed'] = [];
  await pLimit(SHARDS_AT_ONCE).map(shardsOf(plan), async (shard) => {
    try {
      const result = await runSweep(context(), plan, shard);
      if (!result) throw new Error(`shard ${shard} was already swept by a newer sweep than ${plan.sweepId}`);
      shards.push(result);
      options.onShard?.(shard, result);
    } catch (error) {
      if (error instanceof NoSignInError) throw error;
      const cause = error instanceof Error ? error : new Error(String(error));
      failed.push({ shard, error: cause });
      options.onShard?.(shard, cause);
    }
  });
  const order = shardsOf(plan);
  shards.sort((a, b) => order.indexOf(a.report.shard) - order.indexOf(b.report.shard));
  const { closed } = await closeSweeps(context(), plan.sweepId);
  const own = closed.find(({ sweepId }) => sweepId === plan.sweepId);
  if (!own) {
    // The clock of an estate in this process stands still.
    const fix = session.simulator ? 'name a later time with --now' : 'sweep again later';
    throw new Error(`sweep ${plan.sweepId} was closed before, with the state in ${store.place}; ${fix}`);
  }
  const undelivered = publish ? await undeliveredIn(store, isLasting) : undefined;
  return { plan, closed: own, shards, failed, ...(undelivered && { undelivered }) };
}

/** After the closing row, which may not have been taken either. */
async function undeliveredIn(store: Store, isLasting: boolean): Promise<Undelivered | undefined> {
  const { waiting, refused } = await untaken(store);
  if (waiting.rows + refused.rows === 0) return undefined;
  return { waiting, refused, ...(isLasting && { keptIn: store.place }) };
}

/** What a sweep finds fixed and does not publish, nobody would ever publish. */
async function refuseToSwallow(store: Store): Promise<void> {
  if (!(await readPublished(store, TENANT_SHARD))?.said) return;
  throw new Error(
    `the sweeps whose state is in ${store.place} are published: one that is not would keep from the workspace what it finds fixed. Add --publish, or use another --state`,
  );
}

/** Connected anew for each shard, so that each counts its own requests. */
function contextOf(session: Session, { store, publish }: SweepOptions): SweepContext {
  const azure = session.connect();
  const { destination, environment, clock } = session;
  if (publish && !destination) {
    throw new Error(
      '--publish needs the settings DCR_ENDPOINT and DCR_RULE_ID: the outputs dcrEndpoint and dcrRuleId of the deployment',
    );
  }
  return { azure, store, environment, clock, ...(publish && destination && { send: ingestion(azure, destination) }) };
}
