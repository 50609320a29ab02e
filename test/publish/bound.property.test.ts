import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundSpool, SPOOL_LIMITS } from '../../src/publish/bound.ts';
import { redeliver } from '../../src/publish/redeliver.ts';
import { TABLES } from '../../src/publish/rows.ts';
import { droppedRows } from '../../src/state/dropped.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { fromNow } from '../build.ts';
import { finding, wait } from './spool.ts';

type Row = Record<string, unknown>;
const HOUR = 3600;

/** What one shard's sweep says of findings: of some of them, at most one row each. */
const batch = fc.record({
  hour: fc.integer({ min: 1, max: 12 }),
  shard: fc.constantFrom('a', 'b'),
  statuses: fc.dictionary(
    fc.constantFrom('1', '2', '3'),
    fc.constantFrom('new', 'changed', 'ongoing', 'unverified', 'resolved'),
    { minKeys: 1 },
  ),
  place: fc.constantFrom('table', 'spool', 'spool', 'spool', 'sending'),
});

const situation = fc.record({
  batches: fc.uniqueArray(batch, { maxLength: 24, selector: ({ hour, shard }) => `${hour} ${shard}` }),
  stays: fc.double({ min: 0, max: 1.2, noNaN: true }),
});

/** The state of each finding by its newest row, as a reader of the table sees it. */
function states(rows: Row[]): Map<unknown, Row> {
  const newest = new Map<unknown, Row>();
  for (const row of rows) {
    const known = newest.get(row.FindingId);
    if (!known || String(row.SweptAt) > String(known.SweptAt)) newest.set(row.FindingId, row);
  }
  return newest;
}

test('whatever waits and however much of it is dropped, a finding is as its last row says or, without it, as the table says', async () => {
  await fc.assert(
    fc.asyncProperty(situation, async ({ batches, stays }) => {
      const store = memoryStore();
      const table: Row[] = [];
      const spool: Row[] = [];
      for (const { hour, shard, statuses, place } of batches) {
        const rows = Object.entries(statuses).map(([id, status]) =>
          finding(`${shard}${id} ${hour}`, `${shard}${id}`, -hour * HOUR, status),
        );
        (place === 'table' ? table : spool).push(...rows);
        const claim = place === 'sending' ? { claimedUntil: fromNow(1) } : {};
        if (place !== 'table') await wait(store, shard, rows, claim);
      }
      const sizes = await store.measure('spool/');
      const bytes = Math.round(stays * sizes.reduce((sum, one) => sum + one.bytes, 0));
      const gone = await boundSpool(store, new Date(fromNow(0)), { ...SPOOL_LIMITS, bytes });

      const arrived: Row[] = [];
      const send = async ({ rows }: { rows: Row[] }) => {
        arrived.push(...rows);
        return undefined;
      };
      await redeliver(send, store, new Date(fromNow(1)));
      expect([spool.length - arrived.length, await droppedRows(store)]).toEqual([gone, gone]);

      const names = new Set(arrived.map(({ name }) => name));
      const before = states([...table, ...spool]);
      const after = states([...table, ...arrived]);
      const tableOnly = states(table);
      for (const [id, row] of before) {
        const isLost = tableOnly.get(id) !== row && !names.has(row.name);
        expect(after.get(id)).toEqual(isLost ? tableOnly.get(id) : row);
      }

      // The last row of what is open goes only where nothing is left that does less harm, or must stay.
      const sending = new Set(
        batches.filter(({ place }) => place === 'sending').map(({ hour, shard }) => `${shard} ${hour}`),
      );
      const isSent = ({ name }: Row): boolean => sending.has(String(name).replace(/^(.)\d/, '$1'));
      const held = new Set(spool.filter(isSent).map(({ FindingId }) => FindingId));
      const waits = states(spool);
      const lostOpen = [...waits.values()].filter((row) => !names.has(row.name) && row.Status !== 'resolved');
      const stayed = arrived.filter((row) => !isSent(row) && !held.has(row.FindingId));
      const lesser = stayed.filter((row) => waits.get(row.FindingId)?.name !== row.name || row.Status === 'resolved');
      if (lostOpen.length > 0) expect(lesser).toEqual([]);
    }),
    { seed: 9, numRuns: 400 },
  );
});

test('a spool of every table is bounded whatever is in it', async () => {
  const anything = fc.record({
    table: fc.constantFrom<string>(...Object.values(TABLES), 'Other'),
    hour: fc.integer({ min: 1, max: 500 }),
    rows: fc.array(fc.record({ FindingId: fc.string(), Status: fc.string(), pad: fc.string({ maxLength: 200 }) }), {
      minLength: 1,
      maxLength: 5,
    }),
  });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(anything, { selector: ({ hour }) => hour }), fc.nat(3000), async (all, bytes) => {
      const store = memoryStore();
      for (const { table, hour, rows } of all) {
        const stamped = rows.map((row) => finding('any', row.FindingId, -hour * HOUR, row.Status, row));
        await wait(store, 'a', stamped, { table });
      }
      await boundSpool(store, new Date(fromNow(0)), { ...SPOOL_LIMITS, bytes });
      const left = await store.measure('spool/');
      expect(left.reduce((sum, one) => sum + one.bytes, 0)).toBeLessThanOrEqual(bytes);
      expect(left.filter(({ name }) => name < 'spool/20261117T060000Z')).toEqual([]);
    }),
  );
});
