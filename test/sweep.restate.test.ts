import { describe, expect, test } from 'vitest';
import type { EstateFile } from '../simulator/index.ts';
import { closeSweeps } from '../src/close.ts';
import type { Row } from '../src/publish/rows.ts';
import { runSweep, type SweepContext } from '../src/sweep.ts';
import { fromNow, only, plan, registryId, SUB, TENANT } from './build.ts';
import { contextOf, estateOf, simulated, wireRegistry, wireToken } from './wire.ts';

const HOUR = 3600;
const POLICY = only('admin-account-enabled', 'token-password-never-expires', 'unreadable-scope');
const ADMIN_ON = wireRegistry('shop', { adminUserEnabled: true });
const ENDLESS = wireToken('shop', 'ci', [{ name: 'password1', expiry: null }]);

/** Sweeps one an hour, each with the rows that it wrote: `[hour, what the row says]`. */
function started(estate: EstateFile) {
  const both = simulated(estate);
  const context = contextOf(both);
  const { tables } = both.simulator.workspace;
  return {
    ...both,
    context,
    tables,
    async sweep(hours: number[], change: (usual: SweepContext) => SweepContext = (usual) => usual) {
      for (const hour of hours) {
        const sweptAt = fromNow(hour * HOUR);
        if (Date.parse(sweptAt) > both.simulator.now().getTime()) both.simulator.advanceTo(sweptAt);
        await runSweep(change(context), plan({ policy: POLICY, sweptAt }), SUB);
      }
    },
    statusOf: (checkId: string) =>
      (tables.AcrWardenFindings_CL ?? []).filter(({ CheckId }) => CheckId === checkId).map(told('Status')),
    hoursOf: (table: string) => (tables[table] ?? []).map(hourOf),
  };
}

function hourOf({ SweptAt }: Row): number {
  return (Date.parse(String(SweptAt)) - Date.parse(fromNow(0))) / (HOUR * 1000);
}

function told(column: string): (row: Row) => string {
  return (row) => `${hourOf(row)} ${String(row[column])}`;
}

const DAY = Array.from({ length: 25 }, (_, hour) => hour);

describe('a thing that goes on as it was gets a row every twelve hours', () => {
  test('a finding, a credential and a posture, over a day of hourly sweeps', async () => {
    const { sweep, statusOf, hoursOf } = started(estateOf([ADMIN_ON, ENDLESS]));
    await sweep(DAY);
    const [first, second, ...restated] = statusOf('admin-account-enabled');
    expect([first, second]).toEqual(['0 new', '1 ongoing']);
    expect(restated.map((text) => text.replace(/^\d+ /, ''))).toEqual(['ongoing', 'ongoing']);
    for (const table of ['AcrWardenCredentials_CL', 'AcrWardenRegistries_CL']) {
      const [start, a = 0, b = 0, ...more] = hoursOf(table);
      expect({ table, start, period: b - a, more }).toEqual({ table, start: 0, period: 12, more: [] });
    }
  });

  test('what changes, ends or cannot be seen is said at once', async () => {
    const action = 'Microsoft.ContainerRegistry/registries/tokens/read';
    const { sweep, statusOf } = started(
      estateOf([ADMIN_ON, ENDLESS], {
        timeline: [
          { at: fromNow(2.5 * HOUR), denied: [{ action, scope: registryId('shop') }] },
          { at: fromNow(4.5 * HOUR), merge: { id: registryId('shop'), properties: { adminUserEnabled: false } } },
        ],
      }),
    );
    await sweep([0, 1, 2, 3, 4, 5]);
    expect(statusOf('token-password-never-expires')).toEqual([
      '0 new',
      '1 ongoing',
      '3 unverified',
      '4 unverified',
      '5 unverified',
    ]);
    expect(statusOf('admin-account-enabled')).toEqual(['0 new', '1 ongoing', '5 resolved']);
  });

  test('what was swept without a place for the rows has been said to nobody', async () => {
    const { sweep, statusOf, hoursOf, tables } = started(estateOf([ADMIN_ON, ENDLESS]));
    await sweep([0, 1], ({ send: _, ...context }) => context);
    expect(tables.AcrWardenFindings_CL ?? []).toEqual([]);
    await sweep([2]);
    expect(statusOf('admin-account-enabled')).toEqual(['2 ongoing']);
    expect(hoursOf('AcrWardenCredentials_CL')).toEqual([2]);
    expect(hoursOf('AcrWardenRegistries_CL')).toEqual([2]);
  });

  test('what was saved and perhaps not sent is said again, all of it', async () => {
    const { sweep, hoursOf, context } = started(estateOf([ADMIN_ON, ENDLESS]));
    await sweep([0]);
    const killed = sweep([1], (context) => ({ ...context, send: () => Promise.reject(new Error('killed')) }));
    await expect(killed).rejects.toThrow('killed');
    await sweep([2]);
    await closeSweeps(context);
    expect(hoursOf('AcrWardenFindings_CL')).toEqual([0, 0, 2, 2, 1, 1]);
    expect(hoursOf('AcrWardenCredentials_CL')).toEqual([0, 2]);
    expect(hoursOf('AcrWardenRegistries_CL')).toEqual([0, 2]);
  });

  test('what such a sweep has resolved is resolved for whoever reads the rows too, and the change is told', async () => {
    const mended = { id: registryId('shop'), properties: { adminUserEnabled: false } };
    const { sweep, statusOf, context, tables } = started(
      estateOf([ADMIN_ON], { timeline: [{ at: fromNow(0.5 * HOUR), merge: mended }] }),
    );
    await sweep([0]);
    const killed = sweep([1], (context) => ({ ...context, send: () => Promise.reject(new Error('killed')) }));
    await expect(killed).rejects.toThrow('killed');
    await sweep([2]);
    await closeSweeps(context);
    expect(statusOf('admin-account-enabled')).toEqual(['0 new', '1 resolved']);
    expect(tables.AcrWardenFindings_CL?.map(told('AadTenantId'))).toEqual([`0 ${TENANT}`, `1 ${TENANT}`]);
    expect(tables.AcrWardenChanges_CL?.map(told('Property'))).toEqual(['1 adminUser']);
  });
});
