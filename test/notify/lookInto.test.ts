import { describe, expect, it } from 'vitest';
import { SIMULATED_DCR, SIMULATED_WORKSPACE } from '../../simulator/index.ts';
import type { ComparedFinding } from '../../src/model/finding.ts';
import type { ShardReport } from '../../src/model/sweep.ts';
import { lookInto } from '../../src/notify/lookInto.ts';
import { markdownOf } from '../../src/notify/report.ts';
import { asking } from '../../src/notify/workspace.ts';
import { ingestion } from '../../src/publish/ingestion.ts';
import { publish } from '../../src/publish/publish.ts';
import { findingRow, type RowStamp, registryRow, shardRow, TABLES } from '../../src/publish/rows.ts';
import { partFor } from '../../src/shard.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { compared, DAY, fromNow, gap, NOW, OTHER_SUB, registry, registryId, report, SUB, TENANT } from '../build.ts';
import { estateOf, simulated } from '../wire.ts';

const OWN_PART = `${SUB}~${partFor(registryId('shop'), 2)}of2`;
const OTHER_PART = `${SUB}~${3 - partFor(registryId('shop'), 2)}of2`;
const STAMP: RowStamp = { sweepId: '20261124T060000Z', sweptAt: NOW, environment: 'test', tenantId: TENANT };

/** A finding about a credential that opens these registries. */
function opening(title: string, ...names: string[]): ComparedFinding {
  const registries = names.map((name) => registryId(name));
  return compared({ findingId: title, title, registryName: '', registryId: '', evidence: { registries } });
}

interface Written {
  findings?: ComparedFinding[];
  /** of `shop` and the tenant, swept without a gap, where nothing else is said */
  shards?: Partial<ShardReport>[];
  /** when the registry was seen, and where, if not now in {@link SUB} */
  seen?: { sweptAt: string; subscriptionId?: string }[];
  /** a day before */
  before?: Partial<ShardReport>[];
  /** when sweeps were closed, and how many rows waited then */
  closed?: { sweptAt: string; rowsUndelivered: number }[];
  /** what else was written of findings: at another time, or by another environment */
  others?: (Partial<RowStamp> & { findings: ComparedFinding[] })[];
}

/** What is said of a registry by a workspace that holds these rows, and the registry `shop`. */
async function said(name: string, written?: Written): Promise<string> {
  const { azure, simulator } = simulated(estateOf());
  if (written) {
    const {
      findings = [],
      seen = [{ sweptAt: NOW }],
      shards = [{ shard: SUB }, { shard: 'tenant' }],
      before = [],
      closed = [],
      others = [],
    } = written;
    await publish(
      ingestion(azure, SIMULATED_DCR),
      memoryStore(),
      { sweepId: STAMP.sweepId, shard: SUB },
      {
        [TABLES.findings]: [{ findings }, ...others].flatMap(({ findings: found, ...stamp }) =>
          found.map((one) => findingRow(one, { ...STAMP, ...stamp })),
        ),
        [TABLES.registries]: seen.map(({ sweptAt, subscriptionId = SUB }) =>
          registryRow(registry({ subscriptionId }), [], 'Prod', {
            ...STAMP,
            sweptAt,
          }),
        ),
        [TABLES.sweeps]: [
          ...before.map((one) => shardRow(report(one), { ...STAMP, sweptAt: fromNow(-DAY) })),
          ...shards.map(report).map((one) => shardRow(one, { ...STAMP, sweptAt: one.sweptAt })),
          ...closed.map(({ sweptAt, rowsUndelivered }) => ({
            ...shardRow(report({ rowsUndelivered }), { ...STAMP, sweptAt }),
            RowKind: 'closed',
          })),
        ],
      },
    );
  }
  const place = { portal: azure.cloud.portal, tenantId: TENANT, environment: '' };
  const text = await lookInto(name, asking(azure.logs, SIMULATED_WORKSPACE.id), place, NOW).then(
    markdownOf,
    (error: Error) => `refused: ${error.message}`,
  );
  expect(simulator.defects).toEqual([]);
  return text;
}

describe('looking into a registry finds', () => {
  const findings = [
    opening('opens one', 'shop', 'other'),
    opening('opens others', 'eshop', 'shopper', 'shop2', 'other'),
    opening('opens very many', ...Array.from({ length: 700 }, (_, index) => `many${index}`)),
  ];
  it.each([
    ['shop', ['opens one', 'opens very many']],
    ['SHOP', ['opens one', 'opens very many']],
    ['eshop', ['opens others', 'opens very many']],
    ['shopper', ['opens others', 'opens very many']],
    ['shop2', ['opens others', 'opens very many']],
    ['other', ['opens one', 'opens others', 'opens very many']],
    ['many699', ['opens very many']],
    ['sho', ['opens very many']],
    ['SHOP.azurecr.io', ['opens one', 'opens very many']],
    ['shop-a1b2.azurecr.io', ['opens very many']],
  ])('what opens %s, among several', async (name, expected) => {
    const text = await said(name, { findings });
    expect(
      findings
        .map(({ title }) => title)
        .filter((title) => text.includes(title))
        .sort(),
    ).toEqual(expected);
  });

  const open = opening('opens one', 'shop');
  const earlier = fromNow(-DAY);
  it.each<{ what: string; written: Written; expected: string[] }>([
    {
      what: 'what one environment knows to be open and another has muted since',
      written: {
        findings: [{ ...open, muted: { reason: 'r', owner: 'o', until: '2027-03-31' } }],
        others: [{ environment: 'prod', sweptAt: earlier, findings: [open] }],
      },
      expected: ['opens one'],
    },
    {
      what: 'what one environment knows to be open and another leaves out since',
      written: {
        findings: [{ ...open, status: 'resolved', statusReason: 'out-of-scope' }],
        others: [{ environment: 'prod', sweptAt: earlier, findings: [open] }],
      },
      expected: ['opens one'],
    },
    {
      what: 'nothing that has left the registry since',
      written: {
        findings: [opening('opens one', 'other')],
        others: [{ sweptAt: earlier, findings: [open] }],
      },
      expected: [],
    },
    {
      what: 'nothing that was mended after it had left the registry',
      written: {
        findings: [{ ...opening('opens one', 'other'), status: 'resolved', statusReason: 'fixed' }],
        others: [{ sweptAt: earlier, findings: [open] }],
      },
      expected: [],
    },
    {
      what: 'nothing of a sweep older than two days, whenever its rows arrived',
      written: { others: [{ sweptAt: fromNow(-4 * DAY), findings: [open] }] },
      expected: [],
    },
    {
      what: 'what is open in two environments, once',
      written: { findings: [open], others: [{ environment: 'prod', sweptAt: earlier, findings: [open] }] },
      expected: ['opens one'],
    },
  ])('$what', async ({ written, expected }) => {
    const text = await said('shop', written);
    expect(text.match(/(?<=^# |^- \w+: )opens \w+/gm) ?? []).toEqual(expected);
  });

  const muted = { reason: 'old [app]', owner: 'ana@contoso.com', until: '2027-04-01T00:00:00Z' };
  const silenced = '\n- high: opens one, muted by ana@contoso.com until 2027-04-01 00:00 UTC: old \\[app\\]\n';
  it.each<{ what: string; written: Written; title: string; section: string | undefined }>([
    {
      what: 'alone',
      written: { findings: [{ ...open, muted }] },
      title: 'Nothing but what is muted is open at shop',
      section: silenced,
    },
    {
      what: 'where not all was read',
      written: { findings: [{ ...open, muted }], shards: [{ shard: SUB }] },
      title: 'Nothing but what is muted is known to be open at shop',
      section: silenced,
    },
    {
      what: 'beside what is open',
      written: { findings: [{ ...open, muted }, opening('opens two', 'shop')] },
      title: 'opens two',
      section: silenced,
    },
    {
      what: 'and many more',
      written: {
        findings: Array.from({ length: 23 }, (_, at) => ({ ...opening(`opens ${at}`, 'shop'), muted })),
      },
      title: 'Nothing but what is muted is open at shop',
      section: '\nAnd 3 more.\n',
    },
    {
      what: 'in one environment, and open in another',
      written: { findings: [{ ...open, muted }], others: [{ environment: 'prod', findings: [open] }] },
      title: 'opens one',
      section: undefined,
    },
    {
      what: 'until a second from now',
      written: { findings: [{ ...open, muted: { ...muted, until: fromNow(1) } }] },
      title: 'Nothing but what is muted is open at shop',
      section: '',
    },
    {
      what: 'until now, by a sweep of before',
      written: {
        others: [{ sweptAt: earlier, findings: [{ ...open, muted: { ...muted, until: NOW } }] }],
      },
      title: 'opens one',
      section: undefined,
    },
    {
      what: 'and resolved since',
      written: { findings: [{ ...open, muted, status: 'resolved', statusReason: 'fixed' }] },
      title: 'Nothing is open at shop',
      section: undefined,
    },
  ])('what is muted $what', async ({ written, title, section }) => {
    const text = await said('shop', written);
    expect(text).toMatch(new RegExp(`^# ${title}\n`));
    expect(/\n## Muted, which does not mean mended\n/.test(text)).toBe(section !== undefined);
    if (section) expect(text).toContain(section);
  });

  it.each([
    [20, undefined],
    [21, '\nAnd 1 more.\n'],
    [45, '\nAnd 25 more.\n'],
  ])('%d findings, and says how many it leaves out', async (count, expected) => {
    const text = await said('shop', { findings: Array.from({ length: count }, (_, at) => opening(`f${at}`, 'shop')) });
    expect(/\nAnd .*\n/.exec(text)?.[0]).toBe(expected);
    expect(text.match(/^- \w+: f\d+/gm)).toHaveLength(19);
  });
});

describe('beside what is open, it says', () => {
  const findings = [opening('opens one', 'shop'), opening('opens very many', ...Array(700).fill('many'))];
  it.each<{ what: string; name?: string; shards: Partial<ShardReport>[]; expected: string | undefined }>([
    { what: 'nothing where all was read', shards: [{ shard: SUB }, { shard: 'tenant' }], expected: undefined },
    {
      what: 'what could not be read',
      shards: [{ shard: SUB, gaps: [gap({ reason: 'cannot read A' })] }, { shard: 'tenant' }],
      expected: '- cannot read A',
    },
    { what: 'that the tenant was not swept', shards: [{ shard: SUB }], expected: '- no sweep of tenant has ended' },
    {
      what: 'that no sweep knows the registry',
      name: 'shup',
      shards: [{ shard: SUB }, { shard: 'tenant' }],
      expected: '- no sweep of the last two days has seen a registry shup: look at the name, and whether it is swept',
    },
  ])('$what', async ({ name = 'shop', shards, expected }) => {
    const text = await said(name, { findings, shards });
    expect(text).toMatch(/^# opens /);
    expect(/(?<=^## Could not be read\n\n)(- .*\n)+/m.exec(text)?.[0].trim()).toBe(expected);
  });
});

describe('where nothing is found, it says', () => {
  const failed: Partial<ShardReport> = {
    shard: SUB,
    outcome: 'failed',
    gaps: [gap({ reason: 'ARM answered 503' })],
  };
  const hour = (at: number): string => fromNow(((at - 3) * DAY) / 24);
  const hidden = gap({ source: 'registries', scope: `/subscriptions/${OTHER_SUB}`, reason: 'cannot list B' });
  it.each<{ what: string; name?: string; written?: Written; expected: RegExp; never?: RegExp }>([
    {
      what: 'that nothing is open, and as of when',
      written: {},
      expected: /^# Nothing is open at shop\n\n.* as of 2026-11-24 06:00 UTC\.\n/,
      never: /Could not be read/,
    },
    {
      what: 'what could not be read in its subscription and in the tenant, each once',
      written: {
        shards: [
          { shard: SUB, gaps: [gap({ reason: 'cannot read A' }), gap({ reason: 'cannot read A' })] },
          { shard: OTHER_SUB, gaps: [hidden] },
          { shard: 'tenant', gaps: [gap({ reason: 'cannot read T' }), { ...hidden, toldElsewhere: true }] },
        ],
      },
      expected:
        /^# Nothing is known to be open at shop\n(.|\n)*## Could not be read\n\n- cannot read A\n- cannot read T\n/,
      never: /cannot list B/,
    },
    {
      what: 'what could not be read in the subscription that it was moved to',
      written: {
        seen: [{ sweptAt: fromNow(-DAY) }, { sweptAt: NOW, subscriptionId: OTHER_SUB }],
        shards: [{ shard: SUB }, { shard: OTHER_SUB, gaps: [hidden] }, { shard: 'tenant' }],
      },
      expected: /^# Nothing is known to be open at shop\n(.|\n)*\n- cannot list B\n/,
    },
    {
      what: 'that none of the sweeps of twelve hours has seen it, and as of when it was seen',
      written: { seen: [{ sweptAt: fromNow(-DAY / 2) }] },
      expected:
        /^# Nothing is known to be open at shop\n\n.* as of 2026-11-23 18:00 UTC\.\n(.|\n)*\n- the sweep of 2026-11-23 18:00 UTC was the last to see shop, which was deleted since, was taken out of the scope or is where nobody here can look\n/,
    },
    {
      what: 'nothing of that a second earlier, since what is as it was gets no row',
      written: { seen: [{ sweptAt: fromNow(1 - DAY / 2) }] },
      expected: /^# Nothing is open at shop\n\n.* as of 2026-11-24 06:00 UTC\.\n/,
    },
    ...[
      { what: 'only other subscriptions and the tenant were swept', before: [SUB], shards: [{ shard: OTHER_SUB }, {}] },
      { what: 'its shard failed', before: [SUB], shards: [failed, {}] },
      { what: 'only another part was swept', before: [OWN_PART, OTHER_PART], shards: [{ shard: OTHER_PART }, {}] },
      {
        what: 'its own part failed',
        before: [OWN_PART, OTHER_PART],
        shards: [{ ...failed, shard: OWN_PART }, { shard: OTHER_PART }, {}],
      },
      { what: 'rows were not delivered', before: [SUB], shards: [{ shard: SUB, rowsUndelivered: 1 }, {}] },
      {
        what: 'rows were not delivered in the twelve hours before',
        before: [SUB],
        shards: [{ shard: SUB, rowsUndelivered: 1, sweptAt: fromNow(1 - DAY / 2) }, { shard: SUB }, {}],
      },
    ].map(({ what, before, shards }) => ({
      what: `that it is known as of its own row where ${what} since`,
      written: { seen: [{ sweptAt: fromNow(-DAY) }], before: before.map((shard) => ({ shard })), shards },
      expected:
        /^# Nothing is known to be open at shop\n\n.* as of 2026-11-23 06:00 UTC\.\n(.|\n)*\n- shop is known as of the sweep of 2026-11-23 06:00 UTC: later ones have failed, left rows undelivered or not come to it\n/,
      never: /was the last to see/,
    })),
    ...[
      { what: 'wait since its last sweep', undelivered: 1, closed: [] },
      {
        what: 'waited when the newest sweep was closed',
        undelivered: 0,
        closed: [{ sweptAt: NOW, rowsUndelivered: 1 }],
      },
      {
        what: 'wait since a sweep that is not closed yet',
        undelivered: 1,
        closed: [{ sweptAt: fromNow(-3600), rowsUndelivered: 0 }],
      },
    ].map(({ what, undelivered, closed }) => ({
      what: `that rows ${what}`,
      written: { shards: [{ shard: SUB, rowsUndelivered: undelivered }, {}], closed },
      expected:
        /^# Nothing is known to be open at shop\n(.|\n)*\n- rows of test are not delivered: they wait in the spool, or were refused\n/,
    })),
    {
      what: 'nothing of rows that were delivered before the sweep was closed',
      written: {
        shards: [{ shard: SUB, rowsUndelivered: 1 }, {}],
        closed: [
          { sweptAt: fromNow(-3600), rowsUndelivered: 1 },
          { sweptAt: NOW, rowsUndelivered: 0 },
        ],
      },
      expected: /^# Nothing is open at shop\n/,
    },
    {
      what: 'that its own part has not seen it in twelve hours, whatever rows were not delivered before those',
      written: {
        seen: [{ sweptAt: fromNow(-DAY - 60) }],
        before: [{ shard: OWN_PART, rowsUndelivered: 1 }],
        shards: [{ shard: OWN_PART }, { shard: OTHER_PART, rowsUndelivered: 1 }, {}],
      },
      expected: /^# Nothing is known to be open at shop\n(.|\n)*\n- the sweep of 2026-11-23 05:59 UTC was the last to/,
    },
    {
      what: 'nothing of what was deleted in another part',
      written: {
        seen: [{ sweptAt: fromNow(-DAY / 24) }],
        shards: [{ shard: OWN_PART }, { shard: OTHER_PART, registriesDeleted: 1 }, {}],
      },
      expected: /^# Nothing is open at shop\n/,
    },
    ...[
      { what: 'that it may be what its subscription shows no more', sees: [2, 1], isKnown: false },
      { what: 'the same after its subscription shows another one', sees: [2, 1, 2], isKnown: false },
      { what: 'the same of a subscription that is swept no more', sees: [1, 0, undefined], isKnown: false },
      { what: 'nothing of what its subscription showed no more before', sees: [3, 2, 2], from: 1, isKnown: true },
      { what: 'nothing of that where its subscription shows one more', sees: [1, 2], isKnown: true },
    ].map(({ what, sees, from = 0, isKnown }) => ({
      what,
      written: {
        seen: [{ sweptAt: hour(from) }],
        shards: [
          ...sees.flatMap((registriesSeen, at) =>
            registriesSeen === undefined ? [] : { shard: SUB, registriesSeen, sweptAt: hour(at) },
          ),
          { sweptAt: hour(sees.length - 1) },
        ],
      },
      expected: isKnown
        ? /^# Nothing is open at shop\n/
        : /^# Nothing is known to be open at shop\n\n.* as of 2026-11-24 03:00 UTC\.\n(.|\n)*, maybe this one\n/,
    })),
    {
      what: 'as of when the newest sweep that did not fail was',
      written: {
        shards: [{ shard: SUB, sweptAt: fromNow(-DAY / 24) }, failed, {}],
        seen: [{ sweptAt: fromNow(-DAY / 12) }],
      },
      expected:
        /^# Nothing is known to be open at shop\n\n.* as of 2026-11-24 05:00 UTC\.\n(.|\n)*\n- ARM answered 503\n/,
      never: /maybe this one/,
    },
    ...[
      { what: 'that it may be what was deleted since', seen: -DAY / 24, isKnown: false },
      { what: 'nothing of what was deleted before', seen: 0, isKnown: true },
    ].map(({ what, seen, isKnown }) => ({
      what,
      written: {
        seen: [{ sweptAt: fromNow(seen) }],
        shards: [{ shard: SUB, registriesDeleted: 1 }, { shard: 'tenant' }],
      },
      expected: isKnown
        ? /^# Nothing is open at shop\n/
        : /^# Nothing is known to be open at shop\n\n.* as of 2026-11-24 05:00 UTC\.\n(.|\n)*\n- after the sweep of 2026-11-24 05:00 UTC has seen shop, a registry of its subscription was deleted, taken out of the scope or lost from sight, maybe this one\n/,
    })),
    {
      what: 'that it may be what an earlier sweep than the newest found deleted',
      written: {
        seen: [{ sweptAt: fromNow(-DAY - 60) }],
        before: [{ shard: SUB, registriesDeleted: 1 }],
        shards: [{ shard: 'tenant' }],
      },
      expected:
        /^# Nothing is known to be open at shop\n(.|\n)*, a registry of its subscription was deleted, .*, maybe/,
    },
    {
      what: 'that a list of gaps was too long for its column',
      written: {
        shards: [
          {
            shard: `${SUB}~1of2`,
            gaps: Array.from({ length: 900 }, (_, at) => gap({ reason: `${at} ${'x'.repeat(99)}` })),
          },
          { shard: 'tenant' },
        ],
      },
      expected: /^# Nothing is known to be open at shop\n(.|\n)*\n- … and \d+ more, cut\n/,
    },
    {
      what: 'nothing of an older sweep, though the subscription was in parts then, and whatever letters its id has',
      written: {
        shards: [{ shard: SUB.toUpperCase() }, { shard: 'tenant' }],
        before: [{ shard: `${SUB}~1of2`, gaps: [gap({ reason: 'cannot read A' })] }],
      },
      expected: /^# Nothing is open at shop\n\n.* as of 2026-11-24 06:00 UTC\.\n/,
      never: /Could not be read/,
    },
    ...[
      [failed, { shard: SUB }],
      // The rows of a sweep may be refused after it has ended.
      [{ shard: SUB }, { ...failed, finishedAt: fromNow(120) }],
    ].map((tries) => ({
      what: `nothing of a try that failed where another succeeded: ${tries.map(({ outcome }) => outcome ?? 'complete')}`,
      written: { shards: [...tries, { shard: 'tenant' }] },
      expected: /^# Nothing is open at shop\n/,
      never: /Could not be read/,
    })),
    {
      what: 'that all tries failed',
      written: { shards: [failed, failed, { shard: 'tenant' }] },
      expected: /^# Nothing is known to be open at shop\n(.|\n)*\n- ARM answered 503\n/,
    },
    {
      what: 'what the newest sweep of a part could not read, though other parts were swept since, and as of when',
      written: {
        shards: [{ shard: `${SUB}~1of2` }, { shard: 'tenant' }],
        before: [{ shard: `${SUB}~2of2`, gaps: [gap({ reason: 'cannot read A' })] }],
      },
      expected: /^# Nothing is known to be open at shop\n\n.* as of 2026-11-23 06:00 UTC\.\n(.|\n)*\n- cannot read A\n/,
    },
    {
      what: 'that a part was not swept',
      written: { shards: [{ shard: `${SUB}~2of2` }, { shard: 'tenant' }], before: [{ shard: SUB }] },
      expected: new RegExp(
        `^# Nothing is known to be open at shop\\n(.|\\n)*\\n- no sweep of ${SUB}\\\\~1of2 has ended\\n`,
      ),
    },
    {
      what: 'that the tenant was not swept',
      written: { shards: [{ shard: SUB }] },
      expected: /^# Nothing is known to be open at shop\n(.|\n)*\n- no sweep of tenant has ended\n/,
    },
    {
      what: 'that the registry is not known',
      name: 'shup',
      written: {},
      expected:
        /^refused: no sweep of the last two days has seen a registry shup: look at the name, and whether it is swept$/,
    },
    {
      what: 'that the registry is not known any more, though a row of it came just now',
      written: { seen: [{ sweptAt: fromNow(-4 * DAY) }] },
      expected: /^refused: no sweep of the last two days has seen a registry shop: /,
    },
    {
      what: 'where one that is not known may be',
      name: 'shup',
      written: {
        shards: [
          { shard: SUB, gaps: [gap({ source: 'tokens', reason: 'no tokens' })] },
          { shard: OTHER_SUB, gaps: [hidden] },
        ],
      },
      expected: /^refused: .* It may be there unseen, since not everything could be read: cannot list B$/,
    },
    {
      what: 'that the workspace holds no sweep',
      expected: /^refused: no sweep of the last two days is in the workspace: nothing is known of shop$/,
    },
  ])('$what', async ({ name = 'shop', written, expected, never }) => {
    const text = await said(name, written);
    expect(text).toMatch(expected);
    if (never) expect(text).not.toMatch(never);
  });
});
