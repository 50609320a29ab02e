import { expect, test } from 'vitest';
import type { Policy } from '../src/model/policy.ts';
import { planSweep } from '../src/plan.ts';
import { DEFAULT_POLICY } from '../src/policy.ts';
import { memoryStore } from '../src/state/memory.ts';
import { runSweep } from '../src/sweep.ts';
import { SUB, TENANT } from './build.ts';
import { contextOf, estateOf, simulated, wireRegistry } from './wire.ts';

const EXCEPTION = {
  check: 'admin-account-enabled',
  registry: 'shop',
  owner: 'ana@contoso.com',
  reason: 'vendor appliance',
  until: '2026-11-24',
};

test('an exception mutes in the rows and the counts until its day is over, and then the finding is open again', async () => {
  const both = simulated(estateOf([wireRegistry('shop', { adminUserEnabled: true })]));
  const store = memoryStore();
  const checks = { 'registry-unreachable': 'off', 'diagnostic-logs-missing': 'off' } as const;

  async function sweepAt(sweptAt: string, exceptions: Policy['exceptions']) {
    both.simulator.advanceTo(sweptAt);
    const policy: Policy = { ...DEFAULT_POLICY, exceptions, checks };
    const plan = await planSweep(both.azure, store, { policy, sweptAt, tenantId: TENANT });
    const result = await runSweep(contextOf(both, { store }), plan, SUB);
    const rows = both.simulator.workspace.tables.AcrWardenFindings_CL ?? [];
    const row = rows.filter(({ CheckId }) => CheckId === EXCEPTION.check).at(-1) ?? {};
    const registry = (both.simulator.workspace.tables.AcrWardenRegistries_CL ?? []).at(-1) ?? {};
    return {
      counted: result?.report.findingsBySeverity.high,
      row: [row.Status, row.Muted, row.MuteOwner, row.MuteReason, row.MutedUntil],
      registry: [registry.OpenFindings, registry.WorstSeverity],
    };
  }

  const open = { counted: 1, registry: [4, 'high'] };
  const muted = { counted: 0, registry: [3, 'low'] };
  const why = [true, 'ana@contoso.com', 'vendor appliance', '2026-11-25T00:00:00.000Z'];
  const no = [false, '', '', null];
  expect(await sweepAt('2026-11-24T06:00:00.000Z', [])).toEqual({ ...open, row: ['new', ...no] });
  expect(await sweepAt('2026-11-24T07:00:00.000Z', [EXCEPTION])).toEqual({ ...muted, row: ['ongoing', ...why] });
  expect(await sweepAt('2026-11-24T23:59:59.000Z', [EXCEPTION])).toEqual({ ...muted, row: ['ongoing', ...why] });
  expect(await sweepAt('2026-11-25T00:00:00.000Z', [EXCEPTION])).toEqual({ ...open, row: ['ongoing', ...no] });
  expect(await sweepAt('2026-11-25T01:00:00.000Z', [])).toEqual({ ...open, row: ['ongoing', ...no] });
});
