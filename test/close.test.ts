import { describe, expect, test } from 'vitest';
import { closeSweeps } from '../src/close.ts';
import type { Send } from '../src/publish/ingestion.ts';
import { countCard, endAnswer } from '../src/state/incidents.ts';
import { memoryStore } from '../src/state/memory.ts';
import { storePlan, storeReport } from '../src/state/plans.ts';
import { keep } from '../src/state/spool.ts';
import type { Store } from '../src/state/store.ts';
import type { SweepContext } from '../src/sweep.ts';
import { gap, NOW, plan, report, SUB, subscription } from './build.ts';
import { estateOf, simulated } from './wire.ts';

/** So many minutes after the plan; rows go to `sent`. */
function context(store: Store, minutes: number, refuse?: string): { context: SweepContext; sent: unknown[] } {
  const sent: unknown[] = [];
  const send: Send = async ({ rows }) => {
    if (refuse) return { reason: refuse, final: false };
    sent.push(...rows);
    return undefined;
  };
  const clock = (): Date => new Date(Date.parse(NOW) + minutes * 60_000);
  return { context: { azure: simulated(estateOf()).azure, store, send, environment: 'test', clock }, sent };
}

/** A sweep of the tenant and one subscription, of which these have reported. */
async function sweepWith(...reports: Parameters<typeof report>[0][]): Promise<Store> {
  const store = memoryStore();
  await storePlan(store, plan());
  for (const change of reports) await storeReport(store, report(change));
  return store;
}

const TENANT_DONE = { shard: 'tenant', registriesSeen: 7, registriesRead: 7 };
const SUBSCRIPTION_DONE = {
  shard: SUB,
  registriesDeleted: 1,
  findings: 3,
  findingsBySeverity: { critical: 1, high: 0, medium: 2, low: 0, info: 0 },
  throttled: 4,
};

test('a subscription in parts counts once, and as reported when all of them have', async () => {
  const parts = [`${SUB}~1of2`, `${SUB}~2of2`];
  const planned = plan({ subscriptions: [{ ...subscription(), retired: false, parts: 2 }] });
  const counts: unknown[] = [];
  for (const done of [parts.slice(0, 1), parts]) {
    const store = memoryStore();
    await storePlan(store, planned);
    for (const shard of ['tenant', ...done]) await storeReport(store, report({ shard }));
    const { closed } = await closeSweeps(context(store, 50).context);
    counts.push(...closed.map(({ row }) => [row.Planned, row.Reported, row.Outcome, row.RegistriesSeen]));
  }
  expect(counts).toEqual([
    [2, 1, 'partial', 2],
    [2, 2, 'complete', 4],
  ]);
});

test('when all have reported, one row sums them up', async () => {
  const store = await sweepWith(TENANT_DONE, SUBSCRIPTION_DONE);
  const { context: at, sent } = context(store, 5);
  const { closed, undelivered } = await closeSweeps(at);
  expect(undelivered).toBe(0);
  expect(closed.map(({ row: _, ...rest }) => rest)).toEqual([
    { sweepId: '20261124T060000Z', planned: 2, reported: 2, missing: [], outcome: 'complete' },
  ]);
  expect(sent).toEqual([
    {
      TimeGenerated: NOW,
      SweptAt: NOW,
      SweepId: '20261124T060000Z',
      Environment: 'test',
      RowKind: 'closed',
      Shard: '',
      SubscriptionId: '',
      StartedAt: NOW,
      FinishedAt: '2026-11-24T06:05:00.000Z',
      DurationMs: 300_000,
      Outcome: 'complete',
      Planned: 2,
      Reported: 2,
      // The tenant shard lists the same registries again.
      RegistriesSeen: 2,
      RegistriesRead: 2,
      RegistriesDeleted: 1,
      Findings: 4,
      FindingsBySeverity: { critical: 1, high: 1, medium: 2, low: 0, info: 0 },
      GapCount: 0,
      Gaps: [],
      Requests: 14,
      Throttled: 4,
      RowsPublished: 10,
      RowsUndelivered: 0,
      RowsDropped: 0,
      Version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    },
  ]);
});

test('it is closed once', async () => {
  const store = await sweepWith(TENANT_DONE, SUBSCRIPTION_DONE);
  await closeSweeps(context(store, 5).context);
  const { context: at, sent } = context(store, 10);
  expect(await closeSweeps(at)).toEqual({ closed: [], undelivered: 0, dropped: 0 });
  expect(sent).toEqual([]);
});

describe('a shard that has not reported', () => {
  const cases: [string, Parameters<typeof report>[0][], number, string | undefined, unknown][] = [
    ['is waited for', [TENANT_DONE], 44, undefined, []],
    ['is waited for no longer than 45 minutes', [TENANT_DONE], 45, undefined, [['partial', 1, [SUB]]]],
    ['is not waited for when the sweep has ended', [TENANT_DONE], 1, '20261124T060000Z', [['partial', 1, [SUB]]]],
    ['when it is all of them, the sweep failed', [], 45, undefined, [['failed', 0, ['tenant', SUB]]]],
  ];
  test.each(cases)('%s', async (_what, reports, minutes, ended, expected) => {
    const { context: at, sent } = context(await sweepWith(...reports), minutes);
    const { closed } = await closeSweeps(at, ended);
    expect(closed.map(({ outcome, reported, missing }) => [outcome, reported, missing])).toEqual(expected);
    expect(sent.length).toBe(closed.length);
  });

  test('is named among the gaps', async () => {
    const store = await sweepWith({ ...TENANT_DONE, outcome: 'partial', gaps: [gap()] });
    const { context: at } = context(store, 45);
    const { closed } = await closeSweeps(at);
    expect(closed[0]?.row).toMatchObject({
      GapCount: 2,
      Gaps: [{ source: 'shard', scope: SUB, code: 'NotReported', reason: `shard ${SUB} did not report` }, gap()],
    });
  });
});

test('a shard with gaps makes the sweep partial', async () => {
  const store = await sweepWith(TENANT_DONE, { ...SUBSCRIPTION_DONE, outcome: 'partial', gaps: [gap()] });
  const { closed } = await closeSweeps(context(store, 5).context);
  expect(closed.map(({ outcome }) => outcome)).toEqual(['partial']);
});

describe('the spool', () => {
  const old = { version: 1 as const, table: 'T', rows: [{ n: 1 }, { n: 2 }], reason: '500' };

  test('is delivered first', async () => {
    const store = await sweepWith(TENANT_DONE, SUBSCRIPTION_DONE);
    await keep(store, '20261124T050000Z', 'tenant', 0, old);
    const { context: at, sent } = context(store, 5);
    const { undelivered, closed } = await closeSweeps(at);
    expect(sent).toEqual([{ n: 1 }, { n: 2 }, closed[0]?.row]);
    expect(undelivered).toBe(0);
  });

  test('is delivered for ten minutes at most, so that the sweep is closed', async () => {
    const store = await sweepWith(TENANT_DONE, SUBSCRIPTION_DONE);
    for (const batch of [0, 1, 2]) await keep(store, '20261124T050000Z', 'tenant', batch, old);
    const { context: at, sent } = context(store, 5);
    // Each batch takes five minutes.
    const clock = (): Date => new Date(at.clock().getTime() + (sent.length / 2) * 5 * 60_000);
    const { undelivered, closed } = await closeSweeps({ ...at, clock });
    expect([undelivered, closed.length, sent.length]).toEqual([2, 1, 5]);
  });

  test('what is still in it stands in the row, and the row waits there too', async () => {
    const store = await sweepWith(TENANT_DONE, SUBSCRIPTION_DONE);
    await keep(store, '20261124T050000Z', 'tenant', 0, old);
    const { undelivered, closed } = await closeSweeps(context(store, 5, '503: down').context);
    expect(undelivered).toBe(2);
    expect(closed[0]?.row.RowsUndelivered).toBe(2);
    expect(await store.list('spool/')).toEqual([
      'spool/20261124T050000Z/tenant/00000.json',
      'spool/20261124T060000Z/~closed/00000.json',
    ]);
    const { context: later, sent } = context(store, 10);
    await closeSweeps(later);
    expect(sent).toEqual([{ n: 1 }, { n: 2 }, closed[0]?.row]);
  });
});

describe('what the spool drops', () => {
  const old = { version: 1 as const, table: 'T', rows: [{ n: 1 }, { n: 2 }, { n: 3 }], reason: '500' };
  const OLD = '20261117T060459Z';
  const NEXT = { sweepId: '20261124T070000Z', sweptAt: '2026-11-24T07:00:00.000Z' };

  /** A sweep that can be closed, and three rows that are a second too old five minutes after it. */
  async function withOld(): Promise<Store> {
    const store = await sweepWith(TENANT_DONE, SUBSCRIPTION_DONE);
    await keep(store, OLD, 'tenant', 0, old);
    return store;
  }

  function counts({ closed }: Awaited<ReturnType<typeof closeSweeps>>): unknown[] {
    return closed.map(({ row }) => [row.SweepId, row.RowsUndelivered, row.RowsDropped]);
  }

  test('stands in the next closed row, and in no other', async () => {
    const store = await withOld();
    const { context: down } = context(store, 5, '503: down');
    const result = await closeSweeps(down);
    expect([result.undelivered, result.dropped, ...counts(result)]).toEqual([0, 3, ['20261124T060000Z', 0, 3]]);
    await storePlan(store, plan(NEXT));
    // The row of the sweep before waits.
    const next = await closeSweeps(context(store, 65, '503: down').context, NEXT.sweepId);
    expect(counts(next)).toEqual([['20261124T070000Z', 1, 0]]);
  });

  test('waits for a row while no sweep is closed', async () => {
    const store = memoryStore();
    await keep(store, OLD, 'tenant', 0, old);
    expect(await closeSweeps(context(store, 5, '503: down').context)).toEqual({
      closed: [],
      undelivered: 0,
      dropped: 3,
    });
    await storePlan(store, plan());
    expect(counts(await closeSweeps(context(store, 50).context))).toEqual([['20261124T060000Z', 0, 3]]);
  });

  test('is what could not be delivered: what is taken is not dropped', async () => {
    const { context: at, sent } = context(await withOld(), 5);
    const { dropped, closed } = await closeSweeps(at);
    expect([dropped, sent]).toEqual([0, [...old.rows, closed[0]?.row]]);
  });

  test('is nothing while nothing is published', async () => {
    const store = await withOld();
    const { send: _, ...silent } = context(store, 5).context;
    expect(counts(await closeSweeps(silent))).toEqual([['20261124T060000Z', 0, 0]]);
    expect(await store.list('spool/')).toEqual([`spool/${OLD}/tenant/00000.json`]);
  });

  test('is told of again where the process died before the sweep counted as closed', async () => {
    const store = await withOld();
    const dying: Store = {
      ...store,
      write: (name, text, expected) =>
        name.endsWith('/closed.json') ? Promise.reject(new Error('killed')) : store.write(name, text, expected),
    };
    await expect(closeSweeps({ ...context(store, 5, '503: down').context, store: dying })).rejects.toThrow('killed');
    expect(counts(await closeSweeps(context(store, 10, '503: down').context))).toEqual([['20261124T060000Z', 1, 3]]);
  });

  test('goes with the closed row that told of it, and is told of again', async () => {
    const store = await withOld();
    await closeSweeps(context(store, 5, '503: down').context);
    await storePlan(store, plan(NEXT));
    const { context: full } = context(store, 65, '503: down');
    const next = await closeSweeps({ ...full, spoolLimits: { ageMs: 24 * 60 * 60 * 1000, bytes: 0 } }, NEXT.sweepId);
    expect(counts(next)).toEqual([['20261124T070000Z', 0, 4]]);
  });

  test('stays where the count cannot be read: the sweep is closed, and the count is named', async () => {
    const store = await withOld();
    await store.write('dropped/rows.json', '{"ver');
    await expect(closeSweeps(context(store, 5, '503: down').context)).rejects.toThrow(
      'dropped/rows.json in memory is damaged; nothing was overwritten',
    );
    expect(await store.list('spool/')).toEqual([
      `spool/${OLD}/tenant/00000.json`,
      'spool/20261124T060000Z/~closed/00000.json',
    ]);
    const [row] = JSON.parse((await store.read('spool/20261124T060000Z/~closed/00000.json'))?.text ?? '').rows;
    expect([row.RowsUndelivered, row.RowsDropped]).toEqual([3, 0]);
  });

  test('stands in one row where two sweeps are closed at once, and is told of no more', async () => {
    const store = await withOld();
    await storePlan(store, plan(NEXT));
    const { context: down } = context(store, 110, '503: down');
    expect(counts(await closeSweeps(down))).toEqual([
      ['20261124T060000Z', 0, 3],
      ['20261124T070000Z', 0, 0],
    ]);
    await keep(store, OLD, 'tenant', 0, old);
    await storePlan(store, plan({ sweepId: '20261124T080000Z', sweptAt: '2026-11-24T08:00:00.000Z' }));
    const next = await closeSweeps(context(store, 170, '503: down').context);
    expect(counts(next)).toEqual([['20261124T080000Z', 2, 3]]);
  });
});

test('cards that Teams did not take count as undelivered too', async () => {
  const store = await sweepWith(TENANT_DONE, SUBSCRIPTION_DONE);
  await keep(store, '20261124T050000Z', 'tenant', 0, { version: 1, table: 'T', rows: [{ n: 1 }], reason: '500' });
  const { undelivered, closed } = await closeSweeps(context(store, 5, '503: down').context, undefined, 2);
  expect([undelivered, closed[0]?.row.RowsUndelivered]).toEqual([3, 3]);
});

test('closed sweeps are kept for two days, for messages that come late', async () => {
  const store = await sweepWith(TENANT_DONE, SUBSCRIPTION_DONE);
  await closeSweeps(context(store, 5).context);
  const DAYS_2 = 2 * 24 * 60;
  await closeSweeps(context(store, DAYS_2).context);
  expect((await store.list('sweeps/')).length).toBe(4);
  await closeSweeps(context(store, DAYS_2 + 1).context);
  expect(await store.list('sweeps/')).toEqual([]);
});

test('answered alerts are kept for 30 days and counts of cards for one, looked through once a day', async () => {
  const store = memoryStore();
  const DAY = 24 * 60;
  const kept: number[][] = [];
  for (const [days, begun] of [
    [0, 'a'],
    [1, 'b'],
    [30, 'c'],
    [31, 'd'],
  ] as const) {
    const { context: due } = context(store, days * DAY + 1);
    const now = due.clock();
    await closeSweeps(due);
    const names = async (folder: string) => (await store.list(`incidents/${folder}/`)).length;
    kept.push([await names('answered'), await names('rate')]);
    await endAnswer(store, begun, now);
    await countCard(store, now.toISOString().replace(/[-:]/g, ''));
  }
  expect(kept).toEqual([
    [0, 0],
    [1, 1],
    [2, 0],
    [2, 1],
  ]);
  const listed: string[] = [];
  const list = async (prefix: string) => {
    listed.push(prefix);
    return store.list(prefix);
  };
  await closeSweeps(context({ ...store, list }, 31 * DAY + 6).context);
  expect(listed).not.toContain('incidents/answered/');
});

test('a damaged plan is named, and left as it is', async () => {
  const store = await sweepWith();
  await store.write('sweeps/20261124T060000Z/plan.json', '{"version":1,');
  await expect(closeSweeps(context(store, 45).context)).rejects.toThrow(
    'sweeps/20261124T060000Z/plan.json in memory is damaged; nothing was overwritten',
  );
});

test('a damaged report is named, and its sweep is closed without it', async () => {
  const store = await sweepWith(TENANT_DONE);
  const name = `sweeps/20261124T060000Z/reports/${SUB}.json`;
  await store.write(name, '{"ver');
  const { context: due, sent } = context(store, 45);
  await expect(closeSweeps(due)).rejects.toThrow(`${name} in memory is damaged; nothing was overwritten`);
  expect(sent).toMatchObject([{ Outcome: 'partial', Planned: 2, Reported: 1 }]);
  expect((await closeSweeps(due)).closed).toEqual([]);
});
