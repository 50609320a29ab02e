import { overlapCidr } from 'cidr-tools';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { historyOf } from '../src/history.ts';
import type { Openings, PostureChange, RecordedChange, RecordedValue, Snapshot } from '../src/model/change.ts';
import type { Registry } from '../src/model/estate.ts';
import { openersOf } from '../src/opened.ts';
import { sameValue, settingsOf } from '../src/posture.ts';
import { fromNow, registry } from './build.ts';

const SEED = 20261124;

/** What somebody may do to a registry. */
type Act = 'admin' | 'access' | 'default' | { rule: number };

const anyAct = fc.oneof(
  fc.constantFrom<Act>('admin', 'access', 'default'),
  fc.integer({ min: 0, max: 3 }).map((rule): Act => ({ rule })),
);
/** Acts with sweeps between them; true is a sweep. */
const anyLife = fc.array(fc.oneof(anyAct, fc.constant(true as const)), { minLength: 1, maxLength: 25 });

const RULES = ['192.0.2.1/32', '192.0.2.0/24', '0.0.0.0/1', '128.0.0.0/1'];

function exposureOf({ publicNetworkAccess, defaultAction, ipRules }: Registry): Registry['exposure'] {
  if (publicNetworkAccess === 'Disabled') return 'private';
  return defaultAction === 'Allow' || (ipRules.includes('0.0.0.0/1') && ipRules.includes('128.0.0.0/1'))
    ? 'public'
    : 'selected-networks';
}

/** Does it, and says what Azure would record; IP rules by position, as Azure does. */
function done(act: Act, one: Registry): { now: Registry; values: RecordedValue[] } {
  const now = { ...one };
  const values: RecordedValue[] = [];
  if (act === 'admin') {
    now.adminUserEnabled = !one.adminUserEnabled;
    values.push({ field: 'adminUser', before: String(one.adminUserEnabled), after: String(now.adminUserEnabled) });
  } else if (act === 'access') {
    now.publicNetworkAccess = one.publicNetworkAccess === 'Enabled' ? 'Disabled' : 'Enabled';
    values.push({ field: 'publicNetworkAccess', before: one.publicNetworkAccess, after: now.publicNetworkAccess });
  } else if (act === 'default') {
    now.defaultAction = one.defaultAction === 'Allow' ? 'Deny' : 'Allow';
    values.push({ field: 'defaultAction', before: one.defaultAction, after: now.defaultAction });
  } else {
    const rule = RULES[act.rule] ?? '';
    now.ipRules = one.ipRules.includes(rule) ? one.ipRules.filter((other) => other !== rule) : [...one.ipRules, rule];
    const length = Math.max(one.ipRules.length, now.ipRules.length);
    const moved = Array.from({ length }, (_, at) => [one.ipRules[at], now.ipRules[at]]).filter(([a, b]) => a !== b);
    const before = moved.flatMap(([was]) => was ?? []).sort();
    const after = moved.flatMap(([, is]) => is ?? []).sort();
    values.push({ field: 'ipRules', before, after });
  }
  now.exposure = exposureOf(now);
  return { now, values };
}

interface Told {
  first: Registry;
  last: Registry;
  changes: PostureChange[];
  openings: Openings;
  /** what was opened or shut last, and by whom */
  opened: Record<string, string | undefined>;
}

/** Single addresses, and the steps of the exposure, of which each is open or shut. */
const SAMPLES = ['192.0.2.1/32', '192.0.2.9/32', '198.51.100.1/32', '8.8.8.8/32', 'selected-networks', 'public'];

function isOpen(sample: string, { ipRules, exposure }: Registry): boolean {
  if (sample.includes('/')) return overlapCidr(ipRules, [sample]);
  return exposure === 'public' || exposure === sample;
}

/** Lives through it, sweeping whenever asked and once at the end, and returns all that was told. */
function told(life: (Act | true)[]): Told {
  const first = registry();
  let live = first;
  let snapshot: Snapshot | undefined;
  let ids: string[] = [];
  const records: RecordedChange[] = [];
  const changes: PostureChange[] = [];
  let openings: Openings = {};
  const opened: Told['opened'] = {};
  let at = 0;
  for (const step of [true as const, ...life, true as const]) {
    at += 60;
    if (step !== true) {
      const { now, values } = done(step, live);
      const correlationId = `k${records.length}`;
      for (const sample of SAMPLES) {
        if (isOpen(sample, live) === isOpen(sample, now)) continue;
        opened[sample] = isOpen(sample, now) ? correlationId : undefined;
      }
      live = now;
      const actor = {
        changedBy: correlationId,
        changedByType: 'User',
        client: '',
        operation: '',
        correlationId,
      } as const;
      records.push({
        resourceId: live.id,
        changedAt: fromNow(at),
        ...actor,
        source: 'resource-graph',
        creation: false,
        values,
      });
      continue;
    }
    const sweptAt = fromNow(at);
    const history = historyOf({
      registry: live,
      records,
      told: new Set(ids),
      sweptAt,
      ...(snapshot && { last: snapshot }),
    });
    changes.push(...history.changes);
    ids = history.recorded;
    const { lastChanges } = history;
    openings = history.openings;
    const expected = { values: {}, origins: {} };
    snapshot = { registryId: live.id, settings: settingsOf(live), lastChanges, openings, expected };
  }
  return { first, last: live, changes, openings, opened };
}

test('every change is told once, each from where the one before it led, by a known actor', () => {
  fc.assert(
    fc.property(anyLife, (life) => {
      const { first, last, changes } = told(life);
      expect(new Set(changes.map(({ changeId }) => changeId)).size).toBe(changes.length);
      expect(changes.filter(({ source }) => source !== 'resource-graph')).toEqual([]);
      for (const field of ['exposure', 'ipRules', 'adminUser'] as const) {
        const own = changes.filter(({ property }) => property === field);
        const stations = own.flatMap(({ before, after }) => [before, after]);
        // Where nothing was told, nothing may have changed; else it begins and ends as it did.
        expect(stations[0] ?? settingsOf(first)[field]).toEqual(settingsOf(first)[field]);
        expect(stations.at(-1) ?? settingsOf(first)[field]).toEqual(settingsOf(last)[field]);
        own.slice(1).forEach(({ before }, index) => {
          expect(sameValue(before, own[index]?.after)).toBe(true);
        });
      }
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test('whoever opened an address, or a step of the exposure, is behind it until it is shut', () => {
  fc.assert(
    fc.property(anyLife, (life) => {
      const { openings, opened } = told(life);
      const known = SAMPLES.map((sample) =>
        openersOf(openings, sample.includes('/') ? 'ipRules' : 'exposure', [sample]).map(({ changedBy }) => changedBy),
      );
      expect(known).toEqual(SAMPLES.map((sample) => (opened[sample] ? [opened[sample]] : [])));
    }),
    { seed: SEED, numRuns: 500 },
  );
});
