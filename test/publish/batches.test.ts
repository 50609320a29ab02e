import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BATCH_BYTES, batches, FIELD_BYTES } from '../../src/publish/batches.ts';
import type { Row } from '../../src/publish/rows.ts';

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Rows of exactly so many bytes of JSON. */
function rowsOf(count: number, bytes: number): Row[] {
  return Array.from({ length: count }, (_, n) => {
    const empty = bytesOf({ n, a: '', b: '' });
    const rest = bytes - empty;
    return { n, a: 'a'.repeat(Math.floor(rest / 2)), b: 'b'.repeat(Math.ceil(rest / 2)) };
  });
}

describe('packing', () => {
  test('no rows, no request', () => {
    expect([...batches('T', [])]).toEqual([]);
  });

  test('a few rows are one request, in their order', () => {
    const rows = [{ n: 1 }, { n: 2 }, { n: 3 }];
    expect([...batches('T', rows)]).toEqual([{ table: 'T', rows }]);
  });

  test.each([
    // 2 brackets, and one separator a row: 9 × (99,998 + 1) + 2 is under 900,000, 9 × (99,999 + 1) + 2 is not.
    ['fits', 9, 99_998, [9]],
    ['one byte a row too many', 9, 99_999, [8, 1]],
    ['the next batch begins where one is full', 20, 99_998, [9, 9, 2]],
  ])('%s', (_what, count, bytes, expected) => {
    const packed = [...batches('T', rowsOf(count, bytes))];
    expect(packed.map(({ rows }) => rows.length)).toEqual(expected);
    expect(packed.flatMap(({ rows }) => rows.map(({ n }) => n))).toEqual(Array.from({ length: count }, (_, n) => n));
  });

  // facts §1.3: the service takes 1,048,576 bytes; the SDK cuts at 1,000,000 without counting separators.
  test('whatever the rows, each request is under the bound, and no row is lost or out of order', () => {
    const value = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.constant('é'.repeat(70_000)));
    const row = fc.record({ a: value, b: fc.array(value, { maxLength: 8 }), c: fc.constant('x'.repeat(60_000)) });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const numbered = rows.map((one, n) => ({ n, ...one }));
        const packed = [...batches('T', numbered)];
        expect(packed.filter(({ rows: own }) => bytesOf(own) > BATCH_BYTES)).toEqual([]);
        expect(packed.flatMap(({ rows: own }) => own.map(({ n }) => n))).toEqual(numbered.map(({ n }) => n));
        const fields = packed.flatMap(({ rows: own }) => own.flatMap((one) => Object.values(one)));
        const tooLong = fields.filter(
          (one) => (typeof one === 'string' ? Buffer.byteLength(one) : bytesOf(one)) > FIELD_BYTES,
        );
        expect(tooLong).toEqual([]);
      }),
      { seed: 20261124, numRuns: 60 },
    );
  });
});

describe('a field that is too long for the service is cut so that one sees it', () => {
  function cut(value: unknown): unknown {
    const [batch] = batches('T', [{ value }]);
    return batch?.rows[0]?.value;
  }

  test('a text of exactly the limit stays', () => {
    const text = 'a'.repeat(FIELD_BYTES);
    expect(cut(text)).toBe(text);
  });

  test('one byte more is cut, and says how long it was', () => {
    const mark = ` … [cut: ${FIELD_BYTES + 1} bytes]`;
    const kept = FIELD_BYTES - Buffer.byteLength(mark);
    expect(cut('a'.repeat(FIELD_BYTES + 1))).toBe(`${'a'.repeat(kept)}${mark}`);
  });

  test('no character is cut in half', () => {
    const text = String(cut('ü'.repeat(FIELD_BYTES)));
    expect(text).not.toContain('\uFFFD');
    expect(text.endsWith(` … [cut: ${2 * FIELD_BYTES} bytes]`)).toBe(true);
  });

  test('of a list the first parts stay, with how many are missing', () => {
    const list = Array.from({ length: 3000 }, (_, n) => `registry-${String(n).padStart(20, '0')}`);
    const value = cut(list);
    if (!Array.isArray(value)) throw new Error('the list is no list any more');
    const kept = value.length - 1;
    expect(value.slice(0, kept)).toEqual(list.slice(0, kept));
    expect(value.at(-1)).toBe(`… and ${3000 - kept} more, cut`);
    expect(kept).toBeGreaterThan(1900);
  });

  test('of an object the long parts are cut', () => {
    const value = cut({ name: 'shop', ipRules: 'x'.repeat(70_000) });
    expect(value).toEqual({
      name: 'shop',
      ipRules: expect.stringMatching(/^x+ … \[cut: 70000 bytes\]$/),
      cut: `${bytesOf({ name: 'shop', ipRules: 'x'.repeat(70_000) })} bytes were too many for one field`,
    });
  });

  test('what is no text stays what it was', () => {
    expect([7, true, null, 1.5].map(cut)).toEqual([7, true, null, 1.5]);
  });
});

test('a row of many long fields fits into one request', () => {
  const row = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`f${n}`, 'x'.repeat(60_000)]));
  const [batch, ...more] = batches('T', [row]);
  expect(more).toEqual([]);
  expect(bytesOf(batch?.rows)).toBeLessThanOrEqual(BATCH_BYTES);
  expect(Object.keys(batch?.rows[0] ?? {})).toEqual(Object.keys(row));
});
