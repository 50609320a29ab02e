import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../src/model/change.ts';
import { settingsOf } from '../src/posture.ts';
import { holds, partOf } from '../src/shard.ts';
import type { ShardState } from '../src/state/shardState.ts';
import { takenOver } from '../src/takeOver.ts';
import { compared, fromNow, gap, registry, registryId, report, SUB } from './build.ts';

const [ONE, TWO] = [`${SUB}~1of2`, `${SUB}~2of2`];
/** A registry of each part. */
const [FIRST, SECOND] = [nameIn(ONE), nameIn(TWO)];

function nameIn(shard: string): string {
  const part = partOf(shard);
  const names = Array.from({ length: 50 }, (_, number) => `registry${number}`);
  const name = names.find((one) => part && holds(part, registryId(one)));
  if (!name) throw new Error(`no registry is of ${shard}`);
  return name;
}

/** A sweep of the n-th hour that left these findings, as `registry/what`. */
function swept(shard: string, hour: number, open: string[], change: Partial<ShardState> = {}): ShardState {
  const sweepId = `s${hour}`;
  return {
    version: 1,
    shard,
    sweepId,
    sweptAt: fromNow(hour * 3600),
    findings: open.map(found),
    registries: [...new Set(open.map((one) => registryId(one.split('/')[0] ?? '')))],
    report: report({ shard, sweepId }),
    ...change,
  };
}

function found(text: string) {
  const [name = '', subject = ''] = text.split('/');
  const resourceId = name === '' ? `/subscriptions/${SUB}` : registryId(name);
  return compared({ findingId: text, registryId: name === '' ? '' : resourceId, resourceId, subject });
}

describe('what a shard takes over', () => {
  const whole = swept(SUB, 0, [`${FIRST}/a`, `${SECOND}/a`, '/plan']);
  const cases: [string, string, ShardState | undefined, ShardState[], string[] | undefined][] = [
    ['nothing was ever swept', ONE, undefined, [], undefined],
    ['its own is enough', ONE, swept(ONE, 1, [`${FIRST}/a`]), [], [`${FIRST}/a`]],
    ['of the whole, what is its own and what is of no registry', ONE, undefined, [whole], [`${FIRST}/a`, '/plan']],
    ['of the whole, what is its own', TWO, undefined, [whole], [`${SECOND}/a`]],
    [
      'of all parts, when there are none any more',
      SUB,
      undefined,
      [swept(ONE, 1, [`${FIRST}/b`, '/plan']), swept(TWO, 1, [`${SECOND}/b`])],
      [`${FIRST}/b`, '/plan', `${SECOND}/b`],
    ],
    ['once: what it has had is not taken again', ONE, swept(ONE, 1, [], { adopted: [`${SUB}@s0`] }), [whole], []],
    [
      'what a late message found after it had looked',
      ONE,
      swept(ONE, 1, [`${FIRST}/b`], { adopted: [`${SUB}@s0`] }),
      [swept(SUB, 0.5, [`${FIRST}/c`, `${SECOND}/c`])],
      [`${FIRST}/c`, `${FIRST}/b`],
    ],
    [
      'not what it resolved itself meanwhile',
      ONE,
      swept(ONE, 1, [], { resolved: [found(`${FIRST}/c`)] }),
      [swept(SUB, 0.5, [`${FIRST}/c`])],
      [],
    ],
    [
      'whole again: not what the parts had taken over and mended, but what a part that never swept left behind',
      SUB,
      whole,
      [swept(ONE, 1, [`${FIRST}/b`], { adopted: [`${SUB}@s0`] })],
      [`${SECOND}/a`, `${FIRST}/b`],
    ],
    [
      'whole again: nothing of what was emptied',
      SUB,
      { ...whole, over: { parts: 2, sweptAt: fromNow(1), taken: true } },
      [swept(TWO, 1, [`${SECOND}/b`])],
      [`${SECOND}/b`],
    ],
  ];
  test.each(cases)('%s', (_what, shard, own, formers, expected) => {
    const taken = takenOver(shard, own, formers);
    expect(taken && [...taken.findings].map(({ findingId }) => findingId)).toEqual(expected);
  });
});

test('what it has had moves nothing: neither since when changes are asked for, nor what could not be read', () => {
  const own = swept(ONE, 1, [`${FIRST}/b`], { adopted: [`${SUB}@s0`] });
  expect(takenOver(ONE, own, [swept(SUB, 0, [`${FIRST}/a`])])).toBe(own);
});

test('registries, snapshots, told changes and gaps go with them; the oldest sweep is what changes are asked since', () => {
  const snapshot = (name: string, adminUserEnabled: boolean): Record<string, Snapshot> => ({
    [registryId(name).toLowerCase()]: {
      registryId: registryId(name),
      settings: settingsOf(registry({ name, adminUserEnabled })),
      lastChanges: {},
      expected: { values: {}, origins: {} },
    },
  });
  const log = gap({ source: 'activityLog' });
  const old = swept(SUB, 0, [`${FIRST}/a`, `${SECOND}/a`], { told: ['t1'], report: report({ gaps: [log] }) });
  const states: ShardState[] = [
    { ...old, snapshots: { ...snapshot(FIRST, false), ...snapshot(SECOND, false) } },
    swept(TWO, 1, [`${SECOND}/b`], { told: ['t2'], snapshots: snapshot(SECOND, true) }),
  ];
  expect(takenOver(TWO, states[1], states.slice(0, 1))).toEqual({
    ...swept(TWO, 1, [`${SECOND}/b`]),
    sweptAt: old.sweptAt,
    findings: [`${SECOND}/a`, `${SECOND}/b`].map(found),
    registries: [registryId(SECOND)],
    snapshots: snapshot(SECOND, true),
    told: ['t1', 't2'],
    report: report({ shard: TWO, sweepId: 's1', gaps: [log] }),
  });
});

test('whole again: it reads first what any part had no time for, and of that what waits longer', () => {
  const [first, second] = [registryId(FIRST), registryId(SECOND)];
  const parts = [
    swept(ONE, 2, [], { notReached: { tokens: [first], usages: [first] } }),
    swept(TWO, 1, [], { notReached: { tokens: [second] } }),
  ];
  expect(takenOver(SUB, undefined, parts)?.notReached).toEqual({ tokens: [second, first], usages: [first] });
});
