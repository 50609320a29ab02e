/** Decimals are kept as plain text ('-12.5'), without trailing zeros; arithmetic goes through scaled bigints. */
interface Scaled {
  digits: bigint;
  scale: number;
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;
/** Digits kept by a division: decimal holds 34 (page "The decimal data type"). */
const DIVISION_DIGITS = 34;

function scaledOf(decimal: string): Scaled | undefined {
  const match = DECIMAL.exec(decimal.trim());
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

function print({ digits, scale }: Scaled): string {
  const negative = digits < 0n;
  const all = (negative ? -digits : digits).toString().padStart(scale + 1, '0');
  const fraction = scale === 0 ? '' : all.slice(-scale).replace(/0+$/, '');
  const whole = scale === 0 ? all : all.slice(0, -scale);
  const body = fraction ? `${whole}.${fraction}` : whole;
  return negative && digits !== 0n ? `-${body}` : body;
}

function aligned(a: string, b: string): { x: bigint; y: bigint; scale: number } {
  const p = scaledOf(a) ?? { digits: 0n, scale: 0 };
  const q = scaledOf(b) ?? { digits: 0n, scale: 0 };
  const scale = Math.max(p.scale, q.scale);
  return { x: p.digits * 10n ** BigInt(scale - p.scale), y: q.digits * 10n ** BigInt(scale - q.scale), scale };
}

/** The normal form of a decimal text; null when it is none. */
export function decimalOf(value: string | number | bigint): string | null {
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  const scaled = scaledOf(String(value));
  return scaled ? print(scaled) : null;
}

export function addDecimal(a: string, b: string): string {
  const { x, y, scale } = aligned(a, b);
  return print({ digits: x + y, scale });
}

export function subtractDecimal(a: string, b: string): string {
  const { x, y, scale } = aligned(a, b);
  return print({ digits: x - y, scale });
}

export function multiplyDecimal(a: string, b: string): string {
  const { x, y, scale } = aligned(a, b);
  return print({ digits: x * y, scale: scale * 2 });
}

/** Null when the divisor is zero. */
export function divideDecimal(a: string, b: string): string | null {
  const { x, y } = aligned(a, b);
  return y === 0n ? null : print({ digits: (x * 10n ** BigInt(DIVISION_DIGITS)) / y, scale: DIVISION_DIGITS });
}

/** Negative, zero or positive as a is below, equal to or above b. */
export function compareDecimals(a: string, b: string): number {
  const { x, y } = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}
