import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadEstate } from '../../simulator/index.ts';
import { closeSweeps } from '../../src/close.ts';
import { planSweep, shardsOf } from '../../src/plan.ts';
import { takePolicy } from '../../src/policy/inForce.ts';
import { DEFAULT_POLICY } from '../../src/policy.ts';
import { baselineSubscriptions, readBaselines } from '../../src/state/baselines.ts';
import { countDropped, droppedRows } from '../../src/state/dropped.ts';
import { beginAnswer, countCard, forgetIncidents, keepCard, readKeptCard } from '../../src/state/incidents.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { readPlan, readReport } from '../../src/state/plans.ts';
import { readPublished } from '../../src/state/published.ts';
import { loadRemembered } from '../../src/state/seldomState.ts';
import { loadState } from '../../src/state/shardState.ts';
import { keep, readSpooled, rowsAside } from '../../src/state/spool.ts';
import { CorruptStateError, type Store } from '../../src/state/store.ts';
import { runSweep } from '../../src/sweep.ts';
import { plan, report, SUB } from '../build.ts';
import { contextOf, simulated } from '../wire.ts';

const SWEEP = '20261124T060000Z';

/** Every kind of document whose content is read again: its name, and who reads it. */
const KINDS: { kind: string; name: string; read(store: Store): Promise<unknown>; document: object }[] = [
  {
    kind: 'a shard',
    name: `shards/${SUB}.json`,
    read: (store) => loadState(store, SUB),
    document: { shard: SUB, sweepId: SWEEP, sweptAt: '', findings: [], registries: [], report: report() },
  },
  { kind: 'a plan', name: `sweeps/${SWEEP}/plan.json`, read: (store) => readPlan(store, SWEEP), document: plan() },
  {
    kind: 'a report',
    name: `sweeps/${SWEEP}/reports/tenant.json`,
    read: (store) => readReport(store, SWEEP, 'tenant'),
    document: report(),
  },
  {
    kind: 'the baselines of a subscription',
    name: `baselines/${SUB}.json`,
    read: (store) => readBaselines(store, SUB),
    document: { subscriptionId: SUB, baselines: {} },
  },
  {
    kind: 'rows that wait',
    name: `spool/${SWEEP}/tenant/00000.json`,
    read: (store) => readSpooled(store, `spool/${SWEEP}/tenant/00000.json`),
    document: { table: 'T', rows: [], reason: '' },
  },
  {
    kind: 'rows that were refused',
    name: `refused/${SWEEP}/tenant/00000.json`,
    read: rowsAside,
    document: { table: 'T', rows: [], reason: '' },
  },
  {
    kind: 'the count of rows that were dropped',
    name: 'dropped/rows.json',
    read: droppedRows,
    document: { rows: 3 },
  },
  {
    kind: 'an answered alert',
    name: 'incidents/answered/i.json',
    read: (store) => beginAnswer(store, 'i', new Date(0)),
    document: { begunAt: '', done: true },
  },
  {
    kind: 'what was published last',
    name: 'published/tenant.json',
    read: (store) => readPublished(store, 'tenant'),
    document: { sweepId: SWEEP, report: report() },
  },
  {
    kind: 'the count of cards',
    name: 'incidents/rate/q.json',
    read: (store) => countCard(store, 'q'),
    document: { count: 1 },
  },
  {
    kind: 'the day on which old answers were removed',
    name: 'incidents/forgotten.json',
    read: (store) => forgetIncidents(store, new Date(0), []).then(() => true),
    document: { day: '' },
  },
  {
    kind: 'a card that was kept',
    name: 'incidents/kept/i.json',
    read: (store) => readKeptCard(store, 'incidents/kept/i.json'),
    document: { message: {}, reason: '' },
  },
];

describe.each(KINDS)('$kind', ({ name, read, document }) => {
  test('of this version is read', async () => {
    const store = memoryStore();
    await store.write(name, JSON.stringify({ ...document, version: 1 }));
    await expect(read(store)).resolves.toBeDefined();
  });

  test.each([0, 2])('of version %i is refused with a sentence, and left as it is', async (version) => {
    const store = memoryStore();
    const text = JSON.stringify({ ...document, version });
    await store.write(name, text);
    const reading = read(store);
    await expect(reading).rejects.toThrow(CorruptStateError);
    await expect(reading).rejects.toThrow(
      `${name} in memory has version ${version}, this is a program for version 1; nothing was overwritten. Move it away to begin anew, or run the matching version`,
    );
    expect((await store.read(name))?.text).toBe(text);
  });
});

describe('a document of this version that says less than all of them do is damaged', () => {
  const whole = { version: 1, sweepId: SWEEP, sweptAt: '', findings: [], registries: [], report: report() };
  const HEAD = ',"findings":[\n\n],"resolved":[\n\n]}';
  const lacking = Object.keys(whole).filter((field) => field !== 'version');
  const texts = lacking.map((field) => [field, JSON.stringify({ ...whole, [field]: undefined })] as const);
  const { findings: _, ...rest } = whole;
  const inLines = lacking
    .filter((field) => field !== 'findings')
    .map(
      (field) => [`${field}, in lines`, JSON.stringify({ ...rest, [field]: undefined }).replace(/}$/, HEAD)] as const,
    );

  test.each(['tenant', SUB].flatMap((shard) => [...texts, ...inLines].map((one) => [shard, ...one] as const)))(
    'shards/%s.json without %s',
    async (shard, _field, text) => {
      const store = memoryStore();
      await store.write(`shards/${shard}.json`, text);
      await expect(loadState(store, shard)).rejects.toThrow(`shards/${shard}.json in memory is damaged`);
    },
  );

  test.each(['sweepId', 'report'])('published/tenant.json without %s', async (field) => {
    const store = memoryStore();
    await store.write('published/tenant.json', JSON.stringify({ ...whole, [field]: undefined }));
    await expect(readPublished(store, 'tenant')).rejects.toThrow('published/tenant.json in memory is damaged');
  });
});

test.each([1, 3])('what only saves requests is made anew where it is of version %i', async (version) => {
  const store = memoryStore();
  await store.write('seldom/tenant.json', JSON.stringify({ version, remembered: { a: {} } }));
  expect(await loadRemembered(store, ['tenant'])).toEqual({});
});

test('whatever the program writes is of a kind above or only a mark, and says its version', async () => {
  const both = simulated(loadEstate('guide'));
  const context = contextOf(both, { send: async () => ({ reason: '503', final: false }) });
  const { store } = context;
  await store.write('policy/warden.yaml', 'profile: auth\n');
  await takePolicy(store);
  const sweptAt = both.simulator.now().toISOString();
  const planned = await planSweep(both.azure, store, { policy: DEFAULT_POLICY, sweptAt });
  for (const shard of shardsOf(planned)) await runSweep(context, planned, shard);
  await closeSweeps(context, planned.sweepId);
  await beginAnswer(store, 'i', both.simulator.now());
  await countCard(store, 'q');
  await keepCard(store, 'i', { version: 1, message: {}, reason: '' });
  await keep(store, SWEEP, 'tenant', 0, { version: 1, table: 'T', rows: [], reason: '' });

  await countDropped(store, 1);

  const names = await store.list('');
  const folders = [...new Set(names.map((name) => /^(incidents\/\w+|\w+)/.exec(name)?.[1]))];
  expect(folders).toEqual([
    'baselines',
    'dropped',
    'incidents/answered',
    'incidents/kept',
    'incidents/rate',
    'policy',
    'published',
    'seldom',
    'shards',
    'spool',
    'sweeps',
  ]);
  const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  // Its kinds are rows of their own; refused/ is filled by a later delivery.
  const told = [...folders, 'refused'].filter((folder) => page.includes(`| \`${folder}/\` |`));
  expect(told).toEqual([...folders, 'refused']);
  const documents = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map(async (name) => [name, (await store.read(name))?.text ?? '']),
  );
  const isOf = (name = '', text = ''): boolean => JSON.parse(text).version === (name.startsWith('seldom/') ? 2 : 1);
  expect(documents.filter(([name, text]) => !isOf(name, text))).toEqual([]);
  expect(await baselineSubscriptions(store)).toHaveLength(3);
});

test('a shard of another version leaves a row that says so, its state as it was, and the other shards to themselves', async () => {
  const both = simulated(loadEstate('quiet'));
  const context = contextOf(both);
  const sweptAt = both.simulator.now().toISOString();
  const planned = await planSweep(both.azure, context.store, { policy: DEFAULT_POLICY, sweptAt });
  const [tenant = '', first = ''] = shardsOf(planned);
  const text = JSON.stringify({ version: 0, findings: [] });
  await context.store.write(`shards/${first}.json`, text);
  await expect(runSweep(context, planned, first)).rejects.toThrow('has version 0, this is a program for version 1');
  expect((await runSweep(context, planned, tenant))?.report.outcome).toBe('complete');
  const rows = (both.simulator.workspace.tables.AcrWardenSweeps_CL ?? []).map(({ Shard, Outcome, Gaps }) => ({
    Shard,
    Outcome,
    gaps: JSON.stringify(Gaps).includes('has version 0'),
  }));
  expect(rows).toEqual([
    { Shard: first, Outcome: 'failed', gaps: true },
    { Shard: tenant, Outcome: 'complete', gaps: false },
  ]);
  expect((await context.store.read(`shards/${first}.json`))?.text).toBe(text);
});
