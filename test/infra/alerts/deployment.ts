import { createAlerts, deployedAlerts, type EstateFile, type Simulator } from '../../../simulator/index.ts';
import { closeSweeps } from '../../../src/close.ts';
import type { Policy } from '../../../src/model/policy.ts';
import { planSweep, shardsOf } from '../../../src/plan.ts';
import { DEFAULT_POLICY } from '../../../src/policy.ts';
import { runSweep } from '../../../src/sweep.ts';
import { TENANT } from '../../build.ts';
import { contextOf, simulated } from '../../wire.ts';

/** The product and its alert rules over a simulated estate. */
export interface Deployment {
  simulator: Simulator;
  /** One sweep at this time, as the functions make it: plan, every shard but those left out, close. */
  sweep(at: string, leftOut?: string): Promise<void>;
  /** Sweeps every so many hours, both times included. */
  sweeps(from: string, to: string, hours?: number): Promise<void>;
  /** What the rules tell from the first sweep on, of what matters to a story. */
  told(rules: string[], until: string, about?: RegExp): string[];
}

/** `24 06:00` is 06:00 UTC on 24 November 2026. */
export function on(text: string): string {
  const [day = '', time = ''] = text.split(' ');
  return `2026-11-${day}T${time}:00.000Z`;
}

export function deploy(
  estate: EstateFile,
  { policy = {}, parameters = {} }: { policy?: Partial<Policy>; parameters?: Record<string, unknown> } = {},
): Deployment {
  const world = simulated(estate);
  const { simulator, azure } = world;
  const context = contextOf(world, { environment: 'prod' });
  const start = simulator.now();

  async function sweep(at: string, leftOut?: string): Promise<void> {
    simulator.advanceTo(on(at));
    const request = { policy: { ...DEFAULT_POLICY, ...policy }, sweptAt: on(at), tenantId: TENANT };
    const plan = await planSweep(azure, context.store, request);
    for (const shard of shardsOf(plan)) if (shard !== leftOut) await runSweep(context, plan, shard);
    await closeSweeps(context, plan.sweepId);
  }

  return {
    simulator,
    sweep,
    async sweeps(from, to, hours = 1) {
      for (let ms = Date.parse(on(from)); ms <= Date.parse(on(to)); ms += hours * 3_600_000)
        await sweep(new Date(ms).toISOString().slice(8, 16).replace('T', ' '));
    },
    told(rules, until, about = /./) {
      const deployed = deployedAlerts({ environmentName: 'prod', ...parameters });
      const wanted = deployed.rules.filter(({ name }) => rules.includes(name));
      const told = createAlerts({ ...deployed, rules: wanted }, simulator.logs).replay(start, new Date(on(until)));
      return told
        .map(({ at, condition, rule, payload }) => {
          const [one] = payload.data.alertContext.condition.allOf;
          // An id is a hash; what it stands for follows it.
          const values = (one?.dimensions ?? []).filter(({ name }) => name !== 'FindingId').map(({ value }) => value);
          return [`${at.slice(8, 16).replace('T', ' ')} ${condition} ${rule}`, ...values].join(' | ');
        })
        .filter((line) => about.test(line));
    },
  };
}
