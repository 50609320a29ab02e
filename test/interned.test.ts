import { expect, test } from 'vitest';
import { interned } from '../src/interned.ts';

test('equal values become one, and no others', () => {
  const once = interned();
  const values = [{ a: [1] }, { a: [1] }, { a: ['1'] }, [], [], 'x', '["x"]', ['x']];
  const kept = values.map((value) => once(value));
  expect(kept).toEqual(values);
  expect(new Set(kept).size).toBe(6);
  expect([kept[1] === kept[0], kept[4] === kept[3]]).toEqual([true, true]);
});
