import { describe, expect, it } from 'vitest';
import { BINS } from '../../src/byPrincipal.ts';
import { type Remembered, seldom, seldomKey } from '../../src/collect/seldom.ts';
import { DAY, fromNow, NOW, registry } from '../build.ts';

const HOUR = 3600;

const shop = registry();
const KEY = seldomKey('usages', shop.id);

interface Options {
  before?: Remembered;
  now?: string;
  changedAt?: string;
  createdOn?: string;
}

/** One read of one source, and how often it was really asked for. */
async function reading({ before = {}, now = NOW, changedAt, createdOn }: Options, value: unknown = 'new') {
  const memory = seldom({
    before,
    now,
    changedAt: new Map(changedAt ? [[shop.id.toLowerCase(), changedAt]] : []),
  });
  let asked = 0;
  const got = await memory.read(
    {
      source: 'usages',
      registry: { ...shop, ...(createdOn && { createdOn }) },
      read: async () => {
        asked += 1;
        return value;
      },
    },
    [],
  );
  return { got, asked, remembered: memory.toRemember(new Set()), ages: memory.ages() };
}

describe('what changes seldom', () => {
  it('is read when nothing is remembered, and is remembered then', async () => {
    expect(await reading({})).toEqual({
      got: 'new',
      asked: 1,
      remembered: { [KEY]: { readAt: NOW, value: 'new' } },
      ages: {},
    });
  });

  it('is read once a day, and is never older than that', async () => {
    let remembered: Remembered = {};
    const asked: number[] = [];
    for (let hour = 0; hour <= 72; hour++) {
      const read = await reading({ before: remembered, now: fromNow(hour * HOUR) }, hour);
      remembered = read.remembered;
      if (read.asked) asked.push(hour);
    }
    expect(asked).toHaveLength(4);
    expect(asked[0]).toBe(0);
    expect((asked[1] ?? 99) - 0).toBeLessThanOrEqual(24);
    expect([(asked[2] ?? 0) - (asked[1] ?? 0), (asked[3] ?? 0) - (asked[2] ?? 0)]).toEqual([24, 24]);
  });

  it('spreads what was read at once over the day', async () => {
    const hours = new Set<number>();
    for (let number = 0; number < 200; number++) {
      const own = registry({ name: `registry${number}` });
      const before = { [seldomKey('usages', own.id)]: { readAt: NOW, value: 0 } };
      for (let hour = 1; hour <= 24; hour++) {
        const memory = seldom({ before, now: fromNow(hour * HOUR), changedAt: new Map() });
        const got = await memory.read({ source: 'usages', registry: own, read: async () => 1 }, []);
        if (got === 1) {
          hours.add(hour);
          break;
        }
      }
    }
    expect(hours.size).toBeGreaterThan(20);
  });

  it.each([
    { what: 'remembered within its day', change: {}, asked: 0 },
    { what: 'read again when the registry was changed since', change: { changedAt: fromNow(60) }, asked: 1 },
    { what: 'read again when it was changed in the same instant', change: { changedAt: NOW }, asked: 1 },
    { what: 'read again when clocks may differ by as much', change: { changedAt: fromNow(-300) }, asked: 1 },
    { what: 'remembered when the change was before', change: { changedAt: fromNow(-301) }, asked: 0 },
    { what: 'read again when the registry was made anew since', change: { createdOn: fromNow(60) }, asked: 1 },
    { what: 'read again when that may have been since', change: { createdOn: fromNow(-300) }, asked: 1 },
    { what: 'remembered when the registry is older', change: { createdOn: fromNow(-301) }, asked: 0 },
  ])('is $what', async ({ change, asked }) => {
    const before = { [KEY]: { readAt: NOW, value: 'old' } };
    const read = await reading({ before, now: fromNow(120), ...change });
    expect(read.asked).toBe(asked);
    expect(read.ages).toEqual(asked ? {} : { [KEY]: NOW });
  });

  it('is read again when it pages somebody', async () => {
    const memory = seldom({ before: {}, now: NOW, changedAt: new Map() });
    memory.keep({ source: 'usages', registry: shop }, 'old');
    const asked: number[] = [];
    for (const urgent of [[], [KEY]])
      asked.push((await reading({ before: memory.toRemember(new Set(urgent)), now: fromNow(120) })).asked);
    expect(asked).toEqual([0, 1]);
  });

  it.each([
    { what: 'that pages somebody', urgent: [KEY], left: 1 },
    {
      what: 'behind several registries of which one pages',
      urgent: [seldomKey('privateDnsRecords', shop.id)],
      left: 1,
    },
    { what: 'of which nothing pages', urgent: [seldomKey('replications', shop.id)], left: 2 },
  ])('is not remembered $what', async ({ urgent, left }) => {
    const memory = seldom({ before: {}, now: NOW, changedAt: new Map() });
    memory.keep({ source: 'usages', registry: shop }, 1);
    for (const one of [shop, registry({ name: 'depot' })])
      memory.keep({ source: 'privateDnsRecords', registry: one, of: 'zone' }, 2);
    expect(Object.keys(memory.toRemember(new Set()))).toHaveLength(2);
    expect(Object.keys(memory.toRemember(new Set(urgent)))).toHaveLength(left);
  });

  it('is read again for the newest of those that share it, once for all', async () => {
    const before = { [seldomKey('privateDnsRecords', 'zone')]: { readAt: NOW, value: 'old' } };
    const memory = seldom({ before, now: fromNow(HOUR), changedAt: new Map() });
    const made = registry({ name: 'depot', createdOn: fromNow(60) });
    const got: unknown[] = [];
    for (const one of [shop, made, shop, made]) {
      const read = async () => `new ${got.length}`;
      got.push(await memory.read({ source: 'privateDnsRecords', registry: one, of: 'zone', read }, []));
    }
    expect(got).toEqual(['old', 'new 1', 'new 1', 'new 1']);
  });

  it('is not remembered when it could not be read', async () => {
    const memory = seldom({ before: {}, now: NOW, changedAt: new Map() });
    const gap = { source: 'usages', scope: shop.id, code: 'x', reason: 'x' } as const;
    const gaps: unknown[] = [];
    await memory.read(
      {
        source: 'usages',
        registry: shop,
        read: async (own) => {
          own.push(gap);
          return [];
        },
      },
      gaps as never[],
    );
    expect([memory.toRemember(new Set()), gaps]).toEqual([{}, [gap]]);
  });

  it('forgets what nobody asked for', async () => {
    const gone = { [seldomKey('usages', `${shop.id}2`)]: { readAt: NOW, value: 0 } };
    expect(Object.keys((await reading({ before: gone })).remembered)).toEqual([KEY]);
  });

  it.each([
    { what: 'of a principal behind a gap', isWhole: false, days: 29, kept: true },
    { what: 'but not for good', isWhole: false, days: 30, kept: false },
    { what: 'but not where nothing is hidden', isWhole: true, days: 1, kept: false },
    { what: 'but not of registries', isWhole: false, days: 1, ofPrincipals: false, kept: false },
  ])(
    'keeps what nobody asked for $what, for where it cannot be read',
    ({ isWhole, days, ofPrincipals = true, kept }) => {
      const key = seldomKey('owners', '/servicePrincipals/7');
      const item = { readAt: NOW, value: ['ana'] };
      const before = { [key]: item };
      const memory = seldom({ before, now: fromNow(days * DAY), changedAt: new Map(), ofPrincipals });
      expect(memory.toRemember(new Set(), isWhole)).toEqual(kept ? { [key]: { ...item, isUrgent: true } } : {});
    },
  );

  it('is the same of principals, whose items are kept compressed', () => {
    const principals = Array.from({ length: 200 }, (_, n) => ({
      id: `/servicePrincipals/${n}`,
      owners: [`owner ${n}`],
    }));
    const factOf = (id: string) => ({ source: 'owners' as const, registry: { id } });
    const outcome = (ofPrincipals: boolean) => {
      const first = seldom({ before: {}, now: NOW, changedAt: new Map(), ofPrincipals });
      for (const { id, owners } of principals) first.keep(factOf(id), owners);
      const before = first.toRemember(new Set([seldomKey('owners', '/servicePrincipals/7')]));
      const second = seldom({ before, now: fromNow(HOUR), changedAt: new Map(), ofPrincipals });
      const known = principals.map(({ id }) => second.known<string[]>(factOf(id))?.value);
      return { before, known, ages: second.ages(), after: second.toRemember(new Set()) };
    };
    const [{ before, ...packed }, { before: plain, ...same }] = [outcome(true), outcome(false)];
    expect(packed).toEqual(same);
    // What pages somebody is good only where it cannot be read again.
    const paging = { readAt: NOW, value: ['owner 7'], isUrgent: true };
    expect(Object.keys(plain)).toHaveLength(199);
    expect(before).toEqual({ ...plain, [seldomKey('owners', '/servicePrincipals/7')]: paging });
  });

  it('is told the age of by bins of principals', () => {
    const ids = Array.from({ length: 50 }, (_, n) => `/servicePrincipals/${n}`);
    const before = Object.fromEntries(ids.map((id) => [seldomKey('owners', id), { readAt: NOW, value: [] }]));
    const memory = seldom({ before, now: fromNow(60), changedAt: new Map(), ofPrincipals: true });
    for (const id of ids) memory.known({ source: 'owners', registry: { id } });
    const halves = [memory.ages({ from: 0, to: BINS / 2 }), memory.ages({ from: BINS / 2, to: BINS })];
    expect(halves.map((half) => Object.keys(half).length > 0)).toEqual([true, true]);
    expect({ ...halves[0], ...halves[1] }).toEqual(memory.ages());
  });

  it('can be refused by what reads it', async () => {
    const before = { [KEY]: { readAt: NOW, value: 'old' } };
    const memory = seldom({ before, now: fromNow(60), changedAt: new Map() });
    const isStale = (value: string): boolean => value === 'old';
    expect(await memory.read({ source: 'usages', registry: shop, isStale, read: async () => 'new' }, [])).toBe('new');
  });
});
