import { describe, expect, test } from 'vitest';
import { askedSince, explain } from '../src/explain.ts';
import { type HistoryInput, historyOf, isUnexplained } from '../src/history.ts';
import type { PostureChange, RecordedChange, Snapshot, WireField } from '../src/model/change.ts';
import type { Registry } from '../src/model/estate.ts';
import { settingsOf } from '../src/posture.ts';
import { DAY, fromNow, NOW, registry, registryId } from './build.ts';

const HOUR = 3600;
const BEFORE = fromNow(-HOUR);
const OPEN = { publicNetworkAccess: 'Enabled', exposure: 'selected-networks' } as const;

function snapshot(one: Registry, lastChanges: Snapshot['lastChanges'] = {}): Snapshot {
  return { registryId: one.id, settings: settingsOf(one), lastChanges, expected: { values: {}, origins: {} } };
}

/** Ana switched the admin account on, half an hour ago. */
function record(change: Partial<RecordedChange> = {}): RecordedChange {
  return {
    resourceId: registryId('shop'),
    changedAt: fromNow(-HOUR / 2),
    changedBy: 'ana@contoso.com',
    changedByType: 'User',
    client: 'Azure Portal',
    operation: 'microsoft.containerregistry/registries/write',
    correlationId: 'k1',
    source: 'resource-graph',
    creation: false,
    values: [{ field: 'adminUser', before: 'false', after: 'true' }],
    ...change,
  };
}

function history(change: Partial<HistoryInput>) {
  return historyOf({
    registry: registry(),
    last: snapshot(registry()),
    records: [],
    told: new Set(),
    lastSweptAt: BEFORE,
    sweptAt: NOW,
    ...change,
  });
}

const brief = ({ property, before, after: now, changedBy, source }: PostureChange) => [
  property,
  before,
  now,
  changedBy,
  source,
];

describe('what happened since the last sweep', () => {
  const admin = registry({ adminUserEnabled: true });

  test('nothing', () => {
    expect(history({})).toEqual({ changes: [], recorded: [], lastChanges: {}, openings: {} });
  });

  test('a record with its actor, once', () => {
    const { changes, recorded, lastChanges } = history({ registry: admin, records: [record()] });
    expect(changes).toEqual([
      {
        changeId: recorded[0],
        registryId: registryId('shop'),
        property: 'adminUser',
        before: false,
        after: true,
        changedBy: 'ana@contoso.com',
        changedByType: 'User',
        client: 'Azure Portal',
        operation: 'microsoft.containerregistry/registries/write',
        correlationId: 'k1',
        changedAt: fromNow(-HOUR / 2),
        source: 'resource-graph',
      },
    ]);
    expect(lastChanges).toEqual({ adminUser: changes[0] });
    const next = history({
      registry: admin,
      last: snapshot(admin, lastChanges),
      records: [record()],
      told: new Set(recorded),
    });
    expect(next).toEqual({ changes: [], recorded, lastChanges, openings: {} });
  });

  test.each<[WireField, string | null, string | null, unknown, unknown]>([
    ['exportPolicy', 'enabled', 'disabled', 'enabled', 'disabled'],
    ['exportPolicy', 'Disabled', null, 'disabled', 'enabled'],
    ['armAudienceTokens', null, 'disabled', true, false],
    ['armAudienceTokens', 'Disabled', 'enabled', false, true],
    ['bypass', 'None', null, 'None', 'AzureServices'],
    ['roleAssignmentMode', null, 'AbacRepositoryPermissions', 'LegacyRegistryPermissions', 'AbacRepositoryPermissions'],
    ['sku', 'Premium', 'Basic', 'Premium', 'Basic'],
    ['tasksBypass', 'True', null, true, false],
  ])('a record of %s, from %j to %j, in our words', (field, from, to, before, after) => {
    const values = [{ field, before: from, after: to }];
    expect(history({ records: [record({ values })] }).changes.map(brief)).toEqual([
      [field, before, after, 'ana@contoso.com', 'resource-graph'],
    ]);
  });

  test('a change that nobody recorded is observed, and unknown', () => {
    expect(history({ registry: admin }).changes.map(brief)).toEqual([
      ['adminUser', false, true, 'unknown', 'observed'],
    ]);
  });

  test('a record that comes late takes the row of what was observed', () => {
    const first = history({ registry: admin });
    const second = history({ registry: admin, last: snapshot(admin, first.lastChanges), records: [record()] });
    expect(second.changes.map(brief)).toEqual([['adminUser', false, true, 'ana@contoso.com', 'resource-graph']]);
    expect(second.changes[0]?.changeId).toBe(first.changes[0]?.changeId);
  });

  test('a record of what was undone since is another change, with a row of its own', () => {
    const first = history({ registry: admin });
    const records = [record({ values: [{ field: 'adminUser', before: 'true', after: 'false' }] })];
    const second = history({ last: snapshot(admin, first.lastChanges), records });
    expect(second.changes.map(brief)).toEqual([['adminUser', true, false, 'ana@contoso.com', 'resource-graph']]);
    expect(second.changes.map(({ changeId }) => changeId)).toEqual(second.recorded);
    expect(second.recorded).not.toContain(first.changes[0]?.changeId);
  });

  test('what nobody is known to have opened or shut is open, or not, as of the sweeps between which it happened', () => {
    const open = registry(OPEN);
    const { lastChanges, openings } = history({ registry: open });
    const between = { from: BEFORE, to: NOW };
    expect(lastChanges.exposure?.between).toEqual(between);
    expect(openings.exposure).toMatchObject([{ changedBy: 'unknown', between, opened: ['selected-networks'] }]);
    const shut = history({ last: { ...snapshot(open, lastChanges), openings } });
    expect(shut.openings.exposure).toEqual([]);
  });

  test.each([
    ['of the same operation: the same row', 'k1', true],
    ['of several writers, of whom the record is one: the same row', '', true],
    ['of another operation: another row', 'k0', false],
  ])('a record after the activity log was asked, %s', (_what, correlationId, same) => {
    const first = history({ registry: admin }).changes[0];
    if (!first) throw new Error('nothing was observed');
    const explained: PostureChange = { ...first, source: 'activity-log', correlationId };
    const { changes } = history({
      registry: admin,
      last: snapshot(admin, { adminUser: explained }),
      records: [record()],
    });
    expect(changes.map(({ changeId }) => changeId === first.changeId)).toEqual([same]);
  });

  const NOBODY = { changedBy: 'unknown', changedByType: 'unknown' } as const;

  test('a record that names nobody says when, and is waiting for a name', () => {
    const first = history({ registry: admin });
    const records = [record(NOBODY)];
    const { changes } = history({ registry: admin, last: snapshot(admin, first.lastChanges), records });
    expect(changes).toMatchObject([
      { changedBy: 'unknown', changedAt: fromNow(-HOUR / 2), changeId: first.changes[0]?.changeId },
    ]);
    expect(changes.map(isUnexplained)).toEqual([true]);
  });

  test.each([
    ['the same operation: nothing', 'k1', []],
    ['another operation: a change of its own', 'k0', [['adminUser', false, true, 'unknown', 'resource-graph']]],
  ])('a record that names nobody, after the activity log has named somebody, of %s', (_what, correlationId, told) => {
    const omar = { changedBy: 'omar', correlationId, source: 'activity-log' } as const;
    const explained = history({ registry: admin }).changes.map((one): PostureChange => ({ ...one, ...omar }));
    const last = snapshot(admin, Object.fromEntries(explained.map((one) => [one.property, one])));
    const next = history({ registry: admin, last, records: [record(NOBODY)] });
    expect(next.changes.map(brief)).toEqual(told);
    expect(next.lastChanges.adminUser?.changedBy).toBe(told.length === 0 ? 'omar' : 'unknown');
    expect(next.recorded).toHaveLength(1);
  });

  test('a change there and back within one interval is two', () => {
    const back = record({
      changedAt: fromNow(-HOUR / 4),
      changedBy: 'omar@contoso.com',
      correlationId: 'k2',
      values: [{ field: 'adminUser', before: 'True', after: 'False' }],
    });
    expect(history({ records: [record(), back] }).changes.map(brief)).toEqual([
      ['adminUser', false, true, 'ana@contoso.com', 'resource-graph'],
      ['adminUser', true, false, 'omar@contoso.com', 'resource-graph'],
    ]);
  });

  test('a record that does not lead to what is there leaves the rest unknown', () => {
    const off = record({ values: [{ field: 'adminUser', before: 'true', after: 'false' }] });
    expect(history({ registry: admin, records: [off] }).changes.map(brief)).toEqual([
      ['adminUser', true, false, 'ana@contoso.com', 'resource-graph'],
      ['adminUser', false, true, 'unknown', 'observed'],
    ]);
  });

  test('what was known of an earlier change to the same value does not explain a new one', () => {
    const { lastChanges } = history({ registry: admin, records: [record()] });
    const { changes } = history({ registry: admin, last: snapshot(registry(), lastChanges) });
    expect(changes.map(brief)).toEqual([['adminUser', false, true, 'unknown', 'observed']]);
  });

  test('who made a registry is behind its values, and nothing has changed', () => {
    const made = record({ creation: true, values: [] });
    const { changes, lastChanges } = historyOf({ registry: admin, records: [made], told: new Set(), sweptAt: NOW });
    expect(changes).toEqual([]);
    expect(lastChanges.adminUser?.changedBy).toBe('ana@contoso.com');
  });

  test('a tier and a mode are changes too', () => {
    const live = registry({ sku: 'Basic', roleAssignmentMode: 'AbacRepositoryPermissions' });
    expect(history({ registry: live }).changes.map(({ property }) => property)).toEqual(['roleAssignmentMode', 'sku']);
  });
});

describe('exposure, put together from what records say', () => {
  test.each<[string, Partial<Registry>, RecordedChange[], unknown[][]]>([
    [
      'public access on, behind rules',
      { ...OPEN },
      [record({ values: [{ field: 'publicNetworkAccess', before: 'Disabled', after: 'Enabled' }] })],
      [['exposure', 'private', 'selected-networks']],
    ],
    [
      'the default action alone changes nothing while access is off',
      {},
      [record({ values: [{ field: 'defaultAction', before: 'Allow', after: 'Deny' }] })],
      [],
    ],
    [
      'rules for everybody open it, with the rules as they were',
      { ...OPEN, exposure: 'public', ipRules: ['0.0.0.0/1', '128.0.0.0/1'] },
      [record({ values: [{ field: 'ipRules', before: ['192.0.2.0/24'], after: ['0.0.0.0/1', '128.0.0.0/1'] }] })],
      [
        ['ipRules', ['192.0.2.0/24'], ['0.0.0.0/0']],
        ['exposure', 'selected-networks', 'public'],
      ],
    ],
    [
      'among other settings of one record',
      { ...OPEN },
      [
        record({
          values: [
            { field: 'tasksBypass', before: 'false', after: 'true' },
            { field: 'publicNetworkAccess', before: 'Disabled', after: 'Enabled' },
          ],
        }),
      ],
      [
        ['tasksBypass', false, true],
        ['exposure', 'private', 'selected-networks'],
      ],
    ],
    [
      'a default action that was not there let everybody in',
      { ...OPEN },
      [record({ values: [{ field: 'defaultAction', before: null, after: 'Deny' }] })],
      [['exposure', 'public', 'selected-networks']],
    ],
    [
      'a rule for everybody of the other kind of address opens it too',
      { ...OPEN, exposure: 'public', ipRules: ['::/0'] },
      [record({ values: [{ field: 'ipRules', before: [], after: ['::/0'] }] })],
      [
        ['ipRules', [], ['::/0']],
        ['exposure', 'selected-networks', 'public'],
      ],
    ],
    [
      'a rule taken out shifts the others, which is no change of theirs',
      { ...OPEN, ipRules: ['192.0.2.8/32', '192.0.2.9/32'] },
      [
        record({
          values: [
            {
              field: 'ipRules',
              before: ['192.0.2.1/32', '192.0.2.8/32', '192.0.2.9/32'],
              after: ['192.0.2.8/32', '192.0.2.9/32'],
            },
          ],
        }),
      ],
      [['ipRules', ['192.0.2.1/32', '192.0.2.8/31'], ['192.0.2.8/31']]],
    ],
    [
      'step by step',
      { ...OPEN, exposure: 'public', defaultAction: 'Allow' },
      [
        record({ values: [{ field: 'publicNetworkAccess', before: 'Disabled', after: 'Enabled' }] }),
        record({
          correlationId: 'k2',
          changedAt: fromNow(-60),
          values: [{ field: 'defaultAction', before: 'Deny', after: 'Allow' }],
        }),
      ],
      [
        ['exposure', 'private', 'selected-networks'],
        ['exposure', 'selected-networks', 'public'],
      ],
    ],
  ])('%s', (_what, live, records, expected) => {
    const { changes } = historyOf({ registry: registry(live), records, told: new Set(), sweptAt: NOW });
    expect(changes.map(({ property, before, after: now }) => [property, before, now])).toEqual(expected);
  });
});

describe('what the activity log explains', () => {
  const admin = registry({ adminUserEnabled: true });
  const observed = history({ registry: admin }).lastChanges;
  const nameless = history({ registry: admin, records: [record({ changedBy: 'unknown' })] }).lastChanges;
  const write = (change: Partial<RecordedChange> = {}): RecordedChange => {
    const { values: _, ...rest } = record({ source: 'activity-log', ...change });
    return change.values ? { ...rest, values: change.values } : rest;
  };
  const on = [{ field: 'adminUser' as const, before: null, after: 'true' }];
  const off = [{ field: 'adminUser' as const, before: null, after: 'false' }];

  test.each<[string, RecordedChange[], string[]]>([
    ['nobody wrote', [], []],
    ['one writer between the sweeps', [write()], ['ana@contoso.com']],
    ['several: all of them', [write(), write({ changedBy: 'omar' })], ['ana@contoso.com or omar']],
    ['the one whose request says so', [write({ changedBy: 'omar' }), write({ values: on })], ['ana@contoso.com']],
    ['not one whose request set something else', [write({ values: off })], []],
    ['not one before the last sweep', [write({ changedAt: fromNow(-2 * HOUR) })], []],
  ])('%s', (_what, writes, names) => {
    const explained = explain(admin, observed, writes);
    expect(explained.map(({ changedBy }) => changedBy)).toEqual(names);
    expect(explained.every(({ changeId }) => changeId === observed.adminUser?.changeId)).toBe(true);
  });

  test.each<[string, Partial<RecordedChange>, RecordedChange[], string[]]>([
    ['the write of the same operation', {}, [write(), write({ changedBy: 'omar', correlationId: 'k2' })], ['ana']],
    ['no write of another that does not say what it set', {}, [write({ correlationId: 'k2' })], []],
    ['the one whose request says so', {}, [write({ correlationId: 'k2', values: on })], ['ana']],
    ['whoever wrote then, where no operation is named', { correlationId: '' }, [write()], ['ana']],
    ['and not at another time', { correlationId: '' }, [write({ changedAt: fromNow(-HOUR / 2 - 301) })], []],
  ])('of a record that names nobody: %s', (_what, change, writes, names) => {
    const records = [record({ changedBy: 'unknown', changedByType: 'unknown', ...change })];
    const { lastChanges } = history({ registry: admin, records });
    const explained = explain(admin, lastChanges, writes);
    expect(explained.map(({ changedBy }) => changedBy.split('@')[0])).toEqual(names);
    expect(explained.every(({ changeId }) => changeId === lastChanges.adminUser?.changeId)).toBe(true);
  });

  test.each<[string, RecordedChange[], string[]]>([
    ['a write that does not say what it set proves nothing', [write()], []],
    ['the request that switched it on', [write({ values: on })], ['ana@contoso.com']],
    [
      'the first of those that set it again and again',
      [write({ values: on }), write({ values: on, changedBy: 'ci' })],
      ['ana@contoso.com'],
    ],
    [
      'the first after it was off',
      [write({ values: on, changedBy: 'ci' }), write({ values: off }), write({ values: on })],
      ['ana@contoso.com'],
    ],
    ['nobody, when it was switched off last', [write({ values: on }), write({ values: off })], []],
  ])('of a registry that is new to us: %s', (_what, writes, names) => {
    expect(explain(admin, {}, writes).map(({ changedBy }) => changedBy)).toEqual(names);
  });

  test.each<[string, Parameters<typeof askedSince>, string | undefined]>([
    ['a new registry: since it was made', [registry({ createdOn: BEFORE }), undefined, {}, NOW], BEFORE],
    ['nothing unexplained: not at all', [admin, snapshot(admin), {}, NOW], undefined],
    [
      'unexplained: since the sweep before, less a margin',
      [admin, snapshot(admin), observed, NOW],
      fromNow(-HOUR - 300),
    ],
    ['for a day', [admin, snapshot(admin), observed, fromNow(DAY)], fromNow(-HOUR - 300)],
    ['and no longer', [admin, snapshot(admin), observed, fromNow(DAY + 1)], undefined],
    [
      'a record that names nobody: since then, less a margin',
      [admin, snapshot(admin), nameless, NOW],
      fromNow(-HOUR / 2 - 300),
    ],
    ['and for a day', [admin, snapshot(admin), nameless, fromNow(DAY - HOUR / 2 + 1)], undefined],
  ])('is asked about %s', (_what, args, since) => {
    expect(askedSince(...args)).toBe(since);
  });
});
