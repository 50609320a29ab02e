import { describe, expect, test } from 'vitest';
import type { EstateFile, FaultRule } from '../simulator/index.ts';
import type { ComparedFinding } from '../src/model/finding.ts';
import type { PostureExpectation } from '../src/model/policy.ts';
import { planSweep } from '../src/plan.ts';
import { DEFAULT_POLICY } from '../src/policy.ts';
import { acceptPosture } from '../src/state/baselines.ts';
import { knownRegistries } from '../src/state/knownRegistries.ts';
import { loadState } from '../src/state/shardState.ts';
import type { Store } from '../src/state/store.ts';
import { runSweep } from '../src/sweep.ts';
import { fromNow, registryId, SUB } from './build.ts';
import { contextOf, estateOf, simulated, wireRegistry, wireToken } from './wire.ts';

const SHOP = registryId('shop');
const HOUR = 3600;

interface Told {
  /** what earlier sweeps have kept, in another telling */
  store?: Store;
  faults?: FaultRule[];
}

/** What becomes of the registry `shop` while sweeps watch it; times are seconds after the first sweep. */
function story(timeline: EstateFile['timeline'] = [], change: Partial<EstateFile> = {}, told: Told = {}) {
  const { store, faults = [] } = told;
  const world = simulated(estateOf([wireRegistry('shop')], { timeline, ...change }), { faults });
  const context = contextOf(world, { ...(store && { store }) });
  return {
    ...world,
    store: context.store,
    async sweep(seconds: number, expect?: PostureExpectation) {
      if (seconds > 0) world.simulator.advanceTo(fromNow(seconds));
      const network = expect ? [{ registry: 'shop', expect }] : [];
      const policy = { ...DEFAULT_POLICY, network };
      const plan = await planSweep(world.azure, context.store, { policy, sweptAt: fromNow(seconds) });
      const result = await runSweep(context, plan, SUB);
      if (!result) throw new Error('there was no sweep');
      return {
        drift: result.findings.filter(({ checkId }) => checkId === 'public-access-drift').map(brief),
        changes: result.changes.map(({ property, before, after, changedBy, source }) => [
          property,
          before,
          after,
          changedBy,
          source,
        ]),
        ids: result.changes.map(({ changeId }) => changeId),
        gaps: result.report.gaps.map(({ source, code }) => [source, code]),
        unreadable: result.findings
          .filter(({ checkId }) => checkId === 'unreadable-scope')
          .map(({ subject, status, statusReason }) => [subject, statusReason || status]),
      };
    },
  };
}

const brief = ({ status, statusReason, severity, changedBy, changedAt }: ComparedFinding) =>
  [statusReason || status, severity, changedBy ?? '', changedAt ?? ''] as const;

function opens(at: number, by = 'ana@contoso.com', publicNetworkAccess = 'Enabled') {
  return { at: fromNow(at), by, merge: { id: SHOP, properties: { publicNetworkAccess } } };
}

/** Another registry, open to everybody since before the first sweep. */
const BESIDE = { resources: [wireRegistry('shop'), wireRegistry('pay', { publicNetworkAccess: 'Enabled' })] };

const ANA = ['high', 'ana@contoso.com', fromNow(HOUR / 2)] as const;

test('opened for debugging, and put back: new, ongoing for as long as it is open, fixed', async () => {
  const { sweep } = story([opens(HOUR / 2), opens(100 * HOUR, 'omar@contoso.com', 'Disabled')], BESIDE);
  expect(await sweep(0)).toEqual({ drift: [], changes: [], ids: [], gaps: [], unreadable: [] });
  const first = await sweep(HOUR);
  expect(first.drift).toEqual([['new', ...ANA]]);
  expect(first.changes).toEqual([['exposure', 'private', 'public', 'ana@contoso.com', 'resource-graph']]);
  expect(await sweep(2 * HOUR)).toEqual({
    drift: [['ongoing', ...ANA]],
    changes: [],
    ids: [],
    gaps: [],
    unreadable: [],
  });
  const last = await sweep(101 * HOUR);
  expect(last.drift).toEqual([['fixed', ...ANA]]);
  expect(last.changes).toEqual([['exposure', 'public', 'private', 'omar@contoso.com', 'resource-graph']]);
});

test('it does not heal by growing old, and who did it is known after Azure has forgotten', async () => {
  const { sweep } = story([opens(HOUR / 2)]);
  await sweep(0);
  await sweep(HOUR);
  expect((await sweep(100 * 24 * HOUR)).drift).toEqual([['ongoing', ...ANA]]);
});

describe('accepted', () => {
  async function accept(store: Parameters<typeof knownRegistries>[0]) {
    const known = (await knownRegistries(store)).find(({ baseline }) => /\/shop$/.test(baseline.registryId));
    if (!known?.snapshot) throw new Error('shop is not known');
    const { roleAssignmentMode: _mode, sku: _sku, ...posture } = known.snapshot.settings;
    const given = { at: fromNow(HOUR + 60), by: 'mia@contoso.com', reason: 'the vendor needs it' };
    await acceptPosture(store, { registryId: known.baseline.registryId, subscriptionId: SUB }, posture, given);
  }

  test('the finding ends as accepted, and accepting is a change of its own, told once', async () => {
    const { sweep, store } = story([opens(HOUR / 2)], BESIDE);
    await sweep(0);
    await sweep(HOUR);
    await accept(store);
    const next = await sweep(2 * HOUR);
    expect(next.drift).toEqual([['accepted', ...ANA]]);
    expect(next.changes).toEqual([['exposure', 'private', 'public', 'mia@contoso.com', 'baseline']]);
    expect(await sweep(3 * HOUR)).toEqual({ drift: [], changes: [], ids: [], gaps: [], unreadable: [] });
  });

  test.each([
    ['before a sweep has told of it: told where it is', 1.5, [0, 1, 0, 0]],
    ['right after: told once more, rather than never', 2.5, [0, 1, 1, 0]],
    ['later: told once', 3.5, [0, 1, 0, 0]],
  ])('of a registry that is moved %s', async (_when, hours, told) => {
    const at = fromNow(hours * HOUR);
    const id = SHOP.replace('/rg/', '/rg-new/');
    const { sweep, store } = story([
      opens(HOUR / 2),
      { at, by: 'ana@contoso.com', remove: SHOP },
      { at, by: 'ana@contoso.com', merge: { ...wireRegistry('shop', { publicNetworkAccess: 'Enabled' }), id } },
    ]);
    await sweep(0);
    const counts: number[] = [];
    for (const hour of [1, 2, 3, 4]) {
      const { changes } = await sweep(hour * HOUR);
      counts.push(changes.filter(([property, , , by]) => property === 'exposure' && by === 'mia@contoso.com').length);
      if (hour === 1) await accept(store);
    }
    expect(counts).toEqual(told);
  });

  test('what was accepted is measured by: closing it again is drift, the other way', async () => {
    const { sweep, store } = story([opens(HOUR / 2), opens(2.5 * HOUR, 'omar@contoso.com', 'Disabled')]);
    await sweep(0);
    await sweep(HOUR);
    await accept(store);
    await sweep(2 * HOUR);
    expect((await sweep(3 * HOUR)).drift).toEqual([['new', 'low', 'omar@contoso.com', fromNow(2.5 * HOUR)]]);
  });

  const also = (properties: object) => ({ at: fromNow(1.5 * HOUR), merge: { id: SHOP, properties } });
  test.each<[string, EstateFile['timeline'], PostureExpectation, string]>([
    ['', [], { exposure: 'public' }, 'accepted'],
    [
      ', whatever else is set meanwhile',
      [also({ roleAssignmentMode: 'AbacRepositoryPermissions' })],
      { exposure: 'public' },
      'accepted',
    ],
    [
      ' that expects what is set meanwhile too',
      [also({ adminUserEnabled: true })],
      { exposure: 'public', adminUser: true },
      'accepted',
    ],
    [
      ' about something else, while the drift is put back: it is fixed',
      [opens(1.5 * HOUR, 'omar@contoso.com', 'Disabled')],
      { bypass: 'AzureServices' },
      'fixed',
    ],
    [
      ' of what was set as the drift was put back: it is fixed',
      [opens(1.5 * HOUR, 'omar@contoso.com', 'Disabled'), also({ adminUserEnabled: true })],
      { adminUser: true },
      'fixed',
    ],
  ])('by a new line of the policy%s', async (_what, timeline = [], policy, reason) => {
    const { sweep } = story([opens(HOUR / 2), ...timeline]);
    await sweep(0);
    await sweep(HOUR);
    expect((await sweep(2 * HOUR, policy)).drift).toEqual([[reason, ...ANA]]);
  });
});

test('a drift that was accepted while it could not be seen is not called fixed', async () => {
  const broken: FaultRule = { match: { path: /^\/subscriptions\?/ }, effect: { kind: 'status', status: 403 } };
  const timeline = [opens(HOUR / 2)];
  const { sweep, store } = story(timeline);
  await sweep(0);
  await sweep(HOUR);
  const blind = story(timeline, {}, { store, faults: [broken] });
  expect((await blind.sweep(2 * HOUR, { exposure: 'public' })).drift).toEqual([['unverified', ...ANA]]);
  const again = story(timeline, {}, { store });
  expect((await again.sweep(3 * HOUR, { exposure: 'public' })).drift).toEqual([['accepted', ...ANA]]);
});

describe('a baseline that was moved away', () => {
  test.each<[string, PostureExpectation | undefined]>([
    ['without a policy', undefined],
    ['beside a policy that speaks of other things', { adminUser: false }],
  ])('ends no drift, and what was expected goes on being expected: %s', async (_what, policy) => {
    const { sweep, store } = story([opens(HOUR / 2), opens(3.5 * HOUR, 'omar@contoso.com', 'Disabled')]);
    await sweep(0, policy);
    await sweep(HOUR, policy);
    await store.remove(`baselines/${SUB}.json`);
    expect((await sweep(2 * HOUR, policy)).drift).toEqual([['ongoing', ...ANA]]);
    expect((await sweep(3 * HOUR, policy)).drift).toEqual([['ongoing', ...ANA]]);
    expect((await sweep(4 * HOUR, policy)).drift).toEqual([['fixed', ...ANA]]);
  });

  test('of a registry that was made anew meanwhile says nothing', async () => {
    const anew = wireRegistry('shop', { publicNetworkAccess: 'Enabled', creationDate: fromNow(HOUR + 60) });
    const { sweep, store } = story([
      { at: fromNow(HOUR + 60), by: 'omar@contoso.com', remove: SHOP },
      { at: fromNow(HOUR + 60), by: 'omar@contoso.com', merge: anew },
    ]);
    await sweep(0);
    await sweep(HOUR);
    await store.remove(`baselines/${SUB}.json`);
    expect((await sweep(2 * HOUR)).drift).toEqual([]);
  });

  test('leaves one that was being made to be seen for the first time', async () => {
    const whole = { id: SHOP, properties: { provisioningState: 'Succeeded', publicNetworkAccess: 'Enabled' } };
    const { sweep } = story([{ at: fromNow(60), merge: whole }], {
      resources: [wireRegistry('shop', { provisioningState: 'Creating' })],
    });
    await sweep(0, { adminUser: false });
    expect((await sweep(HOUR)).drift).toEqual([]);
  });
});

test('who opened it stays behind it while others change it, under an earlier version too, until it is shut', async () => {
  const set = (at: number, by: string, properties: object) => ({
    at: fromNow(at),
    by,
    merge: { id: SHOP, properties },
  });
  const firewall = set(1.5 * HOUR, 'omar@contoso.com', { networkRuleSet: { defaultAction: 'Deny', ipRules: [] } });
  const { sweep, store } = story([
    opens(HOUR / 2),
    firewall,
    opens(3.5 * HOUR, 'omar@contoso.com', 'Disabled'),
    opens(4.5 * HOUR, 'mia@contoso.com'),
  ]);
  await sweep(0);
  await sweep(HOUR);
  const file = `shards/${SUB}.json`;
  const { text = '', etag = '' } = (await store.read(file)) ?? {};
  const older = text.replace(/,"openings":\{"exposure":\[.*?\]\}\]\}/, '');
  expect(older.length).toBeLessThan(text.length);
  await store.write(file, older, etag);
  expect((await sweep(2 * HOUR)).drift).toEqual([['changed', ...ANA]]);
  expect((await sweep(3 * HOUR)).drift).toEqual([['ongoing', ...ANA]]);
  expect((await sweep(4 * HOUR)).drift).toEqual([['fixed', ...ANA]]);
  expect((await sweep(5 * HOUR)).drift).toEqual([['new', 'high', 'mia@contoso.com', fromNow(4.5 * HOUR)]]);
});

test('there and back between two sweeps: no drift, two changes', async () => {
  const { sweep } = story([opens(HOUR / 4), opens(HOUR / 2, 'omar@contoso.com', 'Disabled')]);
  await sweep(0);
  expect(await sweep(HOUR)).toMatchObject({
    drift: [],
    changes: [
      ['exposure', 'private', 'public', 'ana@contoso.com', 'resource-graph'],
      ['exposure', 'public', 'private', 'omar@contoso.com', 'resource-graph'],
    ],
  });
});

test('deleted and made again within an interval: another registry, whose posture is the new baseline', async () => {
  const born = fromNow(HOUR / 2);
  const { sweep } = story([
    opens(60),
    { at: born, by: 'omar@contoso.com', remove: SHOP },
    {
      at: born,
      by: 'omar@contoso.com',
      merge: wireRegistry('shop', { publicNetworkAccess: 'Enabled', creationDate: born }),
    },
  ]);
  await sweep(0);
  // What happened to the one before it is not told of this one.
  expect(await sweep(HOUR)).toMatchObject({ drift: [], changes: [] });
  expect(await sweep(2 * HOUR)).toMatchObject({ drift: [], changes: [] });
});

test('it is another registry too where no record says so, and no change of the one before it', async () => {
  const born = fromNow(HOUR / 2);
  const { sweep, simulator } = story([
    { at: born, remove: SHOP },
    { at: born, merge: wireRegistry('shop', { publicNetworkAccess: 'Enabled', creationDate: born }) },
  ]);
  await sweep(0);
  simulator.faults.add({ match: { service: 'resourceGraph' }, effect: { kind: 'status', status: 400 } });
  expect(await sweep(HOUR)).toMatchObject({ drift: [], changes: [] });
});

test('a registry of which was not known when it was made is taken for the same', async () => {
  const { sweep, store } = story([opens(HOUR / 2)]);
  await sweep(0);
  await sweep(HOUR);
  const { text = '', etag = '' } = (await store.read(`shards/${SUB}.json`)) ?? {};
  await store.write(`shards/${SUB}.json`, text.replace(/"createdOn":".*?",/, ''), etag);
  expect(await sweep(2 * HOUR)).toMatchObject({ drift: [['ongoing', ...ANA]], changes: [] });
});

test('drift of a registry that was then made again is gone with it', async () => {
  const born = fromNow(1.5 * HOUR);
  const { sweep } = story([
    opens(HOUR / 2),
    { at: born, by: 'omar@contoso.com', remove: SHOP },
    {
      at: born,
      by: 'omar@contoso.com',
      merge: wireRegistry('shop', { publicNetworkAccess: 'Enabled', creationDate: born }),
    },
  ]);
  await sweep(0);
  await sweep(HOUR);
  expect((await sweep(2 * HOUR)).drift).toEqual([['deleted', ...ANA]]);
});

test('while a registry is made anew it is not measured by the one before it', async () => {
  const again = { publicNetworkAccess: 'Enabled', creationDate: fromNow(HOUR / 2), provisioningState: 'Creating' };
  const { sweep } = story([
    { at: fromNow(HOUR / 2), by: 'omar@contoso.com', remove: SHOP },
    { at: fromNow(HOUR / 2), by: 'omar@contoso.com', merge: wireRegistry('shop', again) },
    { at: fromNow(1.5 * HOUR), merge: { id: SHOP, properties: { provisioningState: 'Succeeded' } } },
  ]);
  for (const hour of [0, 1, 2, 3]) expect((await sweep(hour * HOUR)).drift).toEqual([]);
});

test('the tier was lowered: what it opens is drift, what it has not got is not measured', async () => {
  const { sweep } = story([
    {
      at: fromNow(60),
      by: 'ana@contoso.com',
      merge: {
        id: SHOP,
        sku: { name: 'Basic' },
        properties: { publicNetworkAccess: 'Enabled', networkRuleBypassOptions: 'None' },
      },
    },
  ]);
  await sweep(0);
  const { drift, changes } = await sweep(HOUR);
  expect(drift).toEqual([['new', 'high', 'ana@contoso.com', fromNow(60)]]);
  expect(changes.map(([property]) => property).sort()).toEqual(['bypass', 'exposure', 'sku']);
});

describe('when Azure does not say who', () => {
  test('Resource Graph is down: the activity log is asked; the record that comes later is the same change', async () => {
    const { sweep, simulator } = story([opens(HOUR / 2)]);
    await sweep(0);
    simulator.faults.add({ match: { service: 'resourceGraph' }, effect: { kind: 'status', status: 400 } });
    const first = await sweep(HOUR);
    expect(first.drift).toEqual([['new', ...ANA]]);
    expect(first.changes).toEqual([['exposure', 'private', 'public', 'ana@contoso.com', 'activity-log']]);
    // The gap is the tenant's: one, whatever the number of subscriptions.
    expect(first.gaps).toEqual([]);
    simulator.faults.clear();
    const second = await sweep(2 * HOUR);
    expect(second.changes).toEqual([['exposure', 'private', 'public', 'ana@contoso.com', 'resource-graph']]);
    expect(second.ids).toEqual(first.ids);
    expect((await sweep(3 * HOUR)).changes).toEqual([]);
  });

  test('the record comes a sweep later: the same row again, with a name', async () => {
    const { sweep, simulator } = story([opens(HOUR / 2)]);
    await sweep(0);
    const faults = [
      { name: 'graph', match: { service: 'resourceGraph' }, effect: { kind: 'status', status: 400 } },
      { name: 'log', match: { path: /eventtypes/ }, effect: { kind: 'status', status: 400 } },
    ] as const;
    simulator.faults.add(...faults);
    const first = await sweep(HOUR);
    expect(first.changes).toEqual([['exposure', 'private', 'public', 'unknown', 'observed']]);
    expect(first.drift).toEqual([['new', 'high', 'unknown', '']]);
    simulator.faults.clear();
    const second = await sweep(2 * HOUR);
    expect(second.changes).toEqual([['exposure', 'private', 'public', 'ana@contoso.com', 'resource-graph']]);
    expect(second.ids).toEqual(first.ids);
    expect(second.drift).toEqual([['ongoing', ...ANA]]);
  });

  test('what was told is not told again after Resource Graph was down for a while', async () => {
    const { sweep, simulator } = story([opens(HOUR / 2)]);
    await sweep(0);
    await sweep(HOUR);
    simulator.faults.add({ match: { service: 'resourceGraph' }, effect: { kind: 'status', status: 400 } });
    expect((await sweep(2 * HOUR)).changes).toEqual([]);
    simulator.faults.clear();
    expect((await sweep(3 * HOUR)).changes).toEqual([]);
  });

  test('nor after its registry alone could not be understood for a while', async () => {
    const sku = (at: number, name: string) => ({
      at: fromNow(at),
      by: 'ana@contoso.com',
      merge: { id: SHOP, sku: { name } },
    });
    const resources = [wireRegistry('shop'), wireRegistry('pay')];
    // What else cannot be read is nothing of it.
    const denied = [{ action: 'Microsoft.ContainerRegistry/registries/tokens/read', scope: registryId('pay') }];
    const timeline = [opens(HOUR / 2), sku(1.5 * HOUR, 'Odd'), sku(2.5 * HOUR, 'Premium')];
    const { sweep } = story(timeline, { resources, denied });
    await sweep(0);
    await sweep(HOUR);
    expect((await sweep(2 * HOUR)).changes).toEqual([]);
    expect((await sweep(3 * HOUR)).changes.map(([property]) => property)).toEqual(['sku', 'sku']);
  });

  test('what was told is forgotten when Azure forgets it, also while another registry cannot be understood', async () => {
    const odd = { at: fromNow(60), merge: { id: registryId('pay'), sku: { name: 'Odd' } } };
    const { sweep, store } = story([opens(HOUR / 2), odd], { resources: [wireRegistry('shop'), wireRegistry('pay')] });
    const told: unknown[] = [];
    for (const hour of [0, 1, 15 * 24]) {
      await sweep(hour * HOUR);
      const { state } = await loadState(store, SUB);
      told.push(state?.snapshots?.[SHOP.toLowerCase()]?.told?.length ?? 0);
    }
    expect(told).toEqual([0, 1, 0]);
  });

  test('a registry that cannot be read keeps its drift, unverified, and is compared when it can be read again', async () => {
    const { sweep, simulator } = story([opens(HOUR / 2)]);
    await sweep(0);
    await sweep(HOUR);
    simulator.faults.add({ match: { path: /\/registries\?/ }, effect: { kind: 'status', status: 400 } });
    expect((await sweep(2 * HOUR)).drift).toEqual([['unverified', ...ANA]]);
    simulator.faults.clear();
    expect(await sweep(3 * HOUR)).toMatchObject({ drift: [['ongoing', ...ANA]], changes: [] });
  });
});

test('that the activity log cannot be read is over when it can be, not when nothing is left to be asked', async () => {
  const others = [{ action: 'Microsoft.ContainerRegistry/registries/tokens/read' }];
  const denied = [{ action: 'Microsoft.Insights/eventtypes/values/read' }, ...others];
  const { sweep } = story([{ at: fromNow(30 * HOUR), denied: others }], { denied });
  const told: unknown[] = [];
  for (const hour of [0, 1, 26, 31, 32]) {
    const { unreadable } = await sweep(hour * HOUR);
    told.push(unreadable.filter(([subject]) => subject === 'activityLog'));
  }
  const log = (status: string) => [['activityLog', status]];
  expect(told).toEqual([log('new'), log('ongoing'), log('ongoing'), log('fixed'), []]);
});

test('what a registry is found to have become after it could not be read for a while happened since it was last seen', async () => {
  const { sweep, simulator } = story([opens(1.5 * HOUR)]);
  await sweep(0);
  simulator.faults.add({ match: { path: /\/registries\?/ }, effect: { kind: 'status', status: 400 } });
  for (const hour of [1, 2, 3]) await sweep(hour * HOUR);
  simulator.faults.clear();
  simulator.faults.add({ match: { service: 'resourceGraph' }, effect: { kind: 'status', status: 400 } });
  expect((await sweep(4 * HOUR)).changes).toEqual([
    ['exposure', 'private', 'public', 'ana@contoso.com', 'activity-log'],
  ]);
});

describe('on since before the first sweep', () => {
  const twice = (value: string) => ({ value, localizedValue: value });
  const event = (at: string, properties?: object) => ({
    caller: 'omar@contoso.com',
    correlationId: 'k9',
    eventTimestamp: at,
    operationName: twice('Microsoft.ContainerRegistry/registries/write'),
    resourceProviderName: twice('Microsoft.ContainerRegistry'),
    resourceId: SHOP,
    subscriptionId: SUB,
    status: twice('Succeeded'),
    ...(properties && { properties }),
  });
  /** Resource Graph knows when, by the same operation, and not who. */
  const record = (at: string, changeType: string, changes: object) => ({
    id: `${SHOP}/providers/Microsoft.Resources/changes/c9`,
    subscriptionId: SUB,
    properties: {
      targetResourceId: SHOP,
      targetResourceType: 'microsoft.containerregistry/registries',
      changeType,
      changeAttributes: {
        correlationId: 'k9',
        changedBy: 'Unspecified',
        changedByType: 'Unspecified',
        clientType: 'Unspecified',
        operation: 'Unspecified',
        timestamp: at,
      },
      changes,
    },
  });
  const access = { 'properties.publicNetworkAccess': { previousValue: 'Disabled', newValue: 'Enabled' } };
  const resources = [wireRegistry('shop', { publicNetworkAccess: 'Enabled' })];
  const [long, lately] = [fromNow(-20 * 24 * HOUR), fromNow(-20 * HOUR)];

  test.each<[string, Partial<EstateFile>, string, unknown[]]>([
    [
      'by what was asked for',
      { activityLog: [event(long, { requestbody: '{"properties":{"publicNetworkAccess":"Enabled"}}' })] },
      long,
      [],
    ],
    [
      'by the operation of a record that names nobody',
      { changes: [record(lately, 'Update', access)], activityLog: [event(lately)] },
      lately,
      [['exposure', 'private', 'public', 'omar@contoso.com', 'activity-log']],
    ],
    [
      'by the operation that made the registry, which is no change',
      { changes: [record(lately, 'Create', {})], activityLog: [event(lately)] },
      lately,
      [],
    ],
  ])('who did it comes from the activity log, %s', async (_what, change, at, told) => {
    const { sweep } = story([], { resources, ...change });
    const { drift, changes } = await sweep(0, { exposure: 'private' });
    expect(drift).toEqual([['new', 'high', 'omar@contoso.com', at]]);
    expect(changes).toEqual(told);
    expect((await sweep(HOUR, { exposure: 'private' })).changes).toEqual([]);
  });
});

describe('tokens', () => {
  const token = (status: string) => ({
    ...wireToken('shop', 'ci', [], { status }),
    type: 'Microsoft.ContainerRegistry/registries/tokens',
  });
  const step = (at: number, status: string) => ({ at: fromNow(at), by: 'ana@contoso.com', merge: token(status) });

  test('one that was made, disabled and enabled again: told when it opens, with who', async () => {
    const { sweep } = story([step(60, 'enabled'), step(1.5 * HOUR, 'disabled'), step(2.5 * HOUR, 'enabled')]);
    await sweep(0);
    expect((await sweep(HOUR)).changes).toEqual([['tokens/ci', null, 'enabled', 'ana@contoso.com', 'activity-log']]);
    expect((await sweep(2 * HOUR)).changes).toEqual([]);
    expect((await sweep(3 * HOUR)).changes).toEqual([
      ['tokens/ci', 'disabled', 'enabled', 'ana@contoso.com', 'activity-log'],
    ]);
    expect((await sweep(4 * HOUR)).changes).toEqual([]);
  });

  test('one that was deleted and made again under its name: made, by whom', async () => {
    const at = fromNow(1.5 * HOUR);
    const { id } = token('enabled');
    const anew = wireToken('shop', 'ci', [], { creationDate: at });
    const { sweep } = story(
      [
        { at, by: 'ana@contoso.com', remove: id },
        { at, by: 'ana@contoso.com', merge: { ...anew, type: 'Microsoft.ContainerRegistry/registries/tokens' } },
      ],
      { resources: [wireRegistry('shop'), token('enabled')] },
    );
    for (const hour of [0, 1]) expect((await sweep(hour * HOUR)).changes).toEqual([]);
    expect((await sweep(2 * HOUR)).changes).toEqual([
      ['tokens/ci', null, 'enabled', 'ana@contoso.com', 'activity-log'],
    ]);
    expect((await sweep(3 * HOUR)).changes).toEqual([]);
  });

  test('an earlier version did not keep when they were made: none is taken for another', async () => {
    const { sweep, store } = story([], { resources: [wireRegistry('shop'), token('enabled')] });
    await sweep(0);
    const { text = '', etag = '' } = (await store.read(`shards/${SUB}.json`)) ?? {};
    await store.write(`shards/${SUB}.json`, text.replace(/,"tokensMade":\{.*?\}/, ''), etag);
    for (const hour of [1, 2]) expect((await sweep(hour * HOUR)).changes).toEqual([]);
  });

  test('one that is made disabled lets nobody in', async () => {
    const { sweep } = story([step(60, 'disabled')]);
    await sweep(0);
    expect((await sweep(HOUR)).changes).toEqual([]);
  });

  test('those that were there first are nothing new, nor those that could not be read for a while', async () => {
    const { sweep, simulator } = story([], { resources: [wireRegistry('shop'), token('enabled')] });
    expect((await sweep(0)).changes).toEqual([]);
    simulator.faults.add({ match: { path: /\/tokens/ }, effect: { kind: 'status', status: 400 } });
    expect((await sweep(HOUR)).changes).toEqual([]);
    simulator.faults.clear();
    expect((await sweep(2 * HOUR)).changes).toEqual([]);
  });

  test.each([
    ['they', /\/tokens/],
    ['its registry', /\/registries\?/],
  ])('one that was made while %s could not be read: told with who, from when it was not there', async (_what, path) => {
    const { sweep, simulator } = story([step(1.5 * HOUR, 'enabled')]);
    await sweep(0);
    simulator.faults.add({ match: { path }, effect: { kind: 'status', status: 400 } });
    for (const hour of [1, 2, 3]) expect((await sweep(hour * HOUR)).changes).toEqual([]);
    simulator.faults.clear();
    expect((await sweep(4 * HOUR)).changes).toEqual([
      ['tokens/ci', null, 'enabled', 'ana@contoso.com', 'activity-log'],
    ]);
  });

  test('the log is late: unknown first, then the same row with a name', async () => {
    const { sweep, simulator } = story([step(60, 'enabled')]);
    await sweep(0);
    simulator.faults.add({ match: { path: /eventtypes/ }, effect: { kind: 'status', status: 400 } });
    const first = await sweep(HOUR);
    expect(first.changes).toEqual([['tokens/ci', null, 'enabled', 'unknown', 'observed']]);
    expect((await sweep(2 * HOUR)).changes).toEqual([]);
    simulator.faults.clear();
    const third = await sweep(3 * HOUR);
    expect(third.changes).toEqual([['tokens/ci', null, 'enabled', 'ana@contoso.com', 'activity-log']]);
    expect(third.ids).toEqual(first.ids);
    expect((await sweep(4 * HOUR)).changes).toEqual([]);
  });
});

test('the same sweep twice tells the same, also when the first attempt was cut short', async () => {
  const { sweep, store, azure, simulator } = story([opens(HOUR / 2)]);
  await sweep(0);
  simulator.advanceTo(fromNow(HOUR));
  const plan = await planSweep(azure, store, { policy: DEFAULT_POLICY, sweptAt: fromNow(HOUR) });
  const cut = { ...contextOf({ simulator, azure }, { store }) };
  const failing = {
    ...store,
    write: (name: string, text: string, expected?: string) =>
      name.startsWith('shards/') ? Promise.reject(new Error('disk full')) : store.write(name, text, expected),
  };
  await expect(runSweep({ ...cut, store: failing }, plan, SUB)).rejects.toThrow('disk full');
  const second = await runSweep(cut, plan, SUB);
  expect(second?.changes.map(({ property }) => property)).toEqual(['exposure']);
  const rows = simulator.workspace.tables.AcrWardenChanges_CL ?? [];
  expect(new Set(rows.map(({ ChangeId, SweepId }) => `${ChangeId} ${SweepId}`)).size).toBe(1);
});

test('the rows: before, after and expected as JSON text, with who and when', async () => {
  const { sweep, simulator } = story([opens(HOUR / 2)]);
  await sweep(0);
  await sweep(HOUR);
  expect(simulator.defects).toEqual([]);
  expect(simulator.workspace.tables.AcrWardenChanges_CL).toMatchObject([
    {
      SubscriptionId: SUB,
      RegistryName: 'shop',
      RegistryId: SHOP,
      Property: 'exposure',
      Before: '"private"',
      After: '"public"',
      Expected: '"private"',
      ChangedBy: 'ana@contoso.com',
      ChangedByType: 'User',
      Client: 'Azure Portal',
      ChangedAt: fromNow(HOUR / 2),
      Source: 'resource-graph',
      SweptAt: fromNow(HOUR),
    },
  ]);
});
