import { coerce } from '../compile/coerce.ts';
import type { Compiled } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import { MIN_DATETIME } from '../values/datetime.ts';
import { int, moduloInt, text, toInt64 } from '../values/int64.ts';
import type { KqlType, KqlValue } from '../values/types.ts';
import { applied, type Bind, type Call } from './registry.ts';

const MASK = (1n << 64n) - 1n;
const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

function rotate(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & MASK;
}

function round(accumulator: bigint, lane: bigint): bigint {
  return (rotate((accumulator + lane * P2) & MASK, 31n) * P1) & MASK;
}

function merge(hash: bigint, accumulator: bigint): bigint {
  return ((hash ^ round(0n, accumulator)) * P1 + P4) & MASK;
}

/** XXH64 with seed 0 (xxHash specification), signed. */
function xxHash64(bytes: Buffer): bigint {
  let at = 0;
  let hash = P5;
  if (bytes.length >= 32) {
    let [a, b, c, d] = [(P1 + P2) & MASK, P2, 0n, (MASK + 1n - P1) & MASK];
    for (; at + 32 <= bytes.length; at += 32) {
      a = round(a, bytes.readBigUInt64LE(at));
      b = round(b, bytes.readBigUInt64LE(at + 8));
      c = round(c, bytes.readBigUInt64LE(at + 16));
      d = round(d, bytes.readBigUInt64LE(at + 24));
    }
    hash = (rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)) & MASK;
    for (const lane of [a, b, c, d]) hash = merge(hash, lane);
  }
  hash = (hash + BigInt(bytes.length)) & MASK;
  for (; at + 8 <= bytes.length; at += 8) {
    hash = (rotate(hash ^ round(0n, bytes.readBigUInt64LE(at)), 27n) * P1 + P4) & MASK;
  }
  if (at + 4 <= bytes.length) {
    hash = (rotate(hash ^ ((BigInt(bytes.readUInt32LE(at)) * P1) & MASK), 23n) * P2 + P3) & MASK;
    at += 4;
  }
  for (; at < bytes.length; at++) hash = (rotate(hash ^ ((BigInt(bytes.readUInt8(at)) * P5) & MASK), 11n) * P1) & MASK;
  hash = ((hash ^ (hash >> 33n)) * P2) & MASK;
  hash = ((hash ^ (hash >> 29n)) * P3) & MASK;
  return BigInt.asIntN(64, hash ^ (hash >> 32n));
}

/** The bytes that Kusto hashes: a text's UTF-8, a datetime's ticks since year 1. */
function bytesOf(value: KqlValue, type: KqlType): Buffer {
  if (type === 'string') return Buffer.from(text(value));
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(int(value)) - MIN_DATETIME);
  return bytes;
}

/** hash(x [, mod]), hash_xxhash64(): of texts and datetimes, the types whose results their pages print. */
function hash(call: Call): Compiled {
  const [source, modulo] = call.args;
  if (!source) throw errorAt(call.node, `${call.name}() needs an argument`);
  const { type } = source;
  if (type !== 'string' && type !== 'datetime') throw unsupportedAt(call.node, `${call.name}() of ${type}`);
  const result = (value: KqlValue) => toInt64(xxHash64(bytesOf(value, type)));
  if (!modulo) return applied([source], 'long', false, result);
  return applied([source, coerce(modulo, 'long')], 'long', false, (value, by) => moduloInt(result(value), int(by)));
}

export const HASHES: Readonly<Record<string, Bind>> = { hash, hash_xxhash64: hash };
