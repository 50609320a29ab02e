import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addInt,
  divideInt,
  floorToInt,
  moduloInt,
  multiplyInt,
  negateInt,
  subtractInt,
  toInt64,
} from '../../../simulator/kql/values/int64.ts';
import type { Int64 } from '../../../simulator/kql/values/types.ts';

// A long is a number while it is safe and a bigint beyond: every operation must agree with 64-bit arithmetic.
const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -100n, max: 100n }),
  fc.bigInt({ min: 2n ** 53n - 5n, max: 2n ** 53n + 5n }),
);

function same(result: Int64 | null, expected: bigint): void {
  expect(result).toBe(toInt64(expected));
  expect(Object.is(result, -0)).toBe(false);
}

test('arithmetic agrees with 64-bit integers, wrapping on overflow', () => {
  fc.assert(
    fc.property(int64, int64, (a, b) => {
      const [x, y] = [toInt64(a), toInt64(b)];
      same(addInt(x, y), a + b);
      same(subtractInt(x, y), a - b);
      same(multiplyInt(x, y), a * b);
      same(negateInt(x), -a);
      if (b !== 0n) same(divideInt(x, y), a / b);
    }),
  );
});

test('the remainder is small and not negative, and bins are multiples', () => {
  fc.assert(
    fc.property(int64, int64, (a, b) => {
      fc.pre(b !== 0n);
      const rest = moduloInt(toInt64(a), toInt64(b));
      const size = b < 0n ? -b : b;
      expect(rest !== null && rest >= 0 && BigInt(rest) < size && (a - BigInt(rest)) % b === 0n).toBe(true);
      if (b > 0n && a > -(2n ** 62n)) same(floorToInt(toInt64(a), toInt64(b)), a - BigInt(rest ?? 0));
    }),
  );
});

test('nothing is divided by zero', () => {
  expect([divideInt(1, 0), moduloInt(1, 0), floorToInt(1, 0)]).toEqual([null, null, null]);
});
