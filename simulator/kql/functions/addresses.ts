import { num, text } from '../values/int64.ts';
import { isArray, type KqlValue } from '../values/types.ts';
import { type Bind, plain } from './registry.ts';

interface Address {
  /** The address as a number, 0 to 2^32 - 1. */
  value: number;
  /** Bits of the network. */
  prefix: number;
}

const OCTETS = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/;

/** `a.b.c.d` or `a.b.c.d/n`; undefined for anything else. */
function addressOf(source: string): Address | undefined {
  const match = OCTETS.exec(source.trim());
  if (!match) return undefined;
  const octets = match.slice(1, 5).map(Number);
  const prefix = match[5] === undefined ? 32 : Number(match[5]);
  if (octets.some((octet) => octet > 255) || prefix > 32) return undefined;
  return { value: octets.reduce((value, octet) => value * 256 + octet, 0), prefix };
}

/** The address with the bits behind the prefix cleared. */
function networkOf(value: number, prefix: number): number {
  const size = 2 ** (32 - prefix);
  return value - (value % size);
}

/** Compares under the shorter of the prefixes; undefined where one is no address. */
function compared(a: KqlValue, b: KqlValue, limit: KqlValue): number | null {
  const x = addressOf(text(a));
  const y = addressOf(text(b));
  if (!x || !y) return null;
  const prefix = Math.min(x.prefix, y.prefix, limit === null ? 32 : num(limit));
  return Math.sign(networkOf(x.value, prefix) - networkOf(y.value, prefix));
}

function inRange(address: KqlValue, range: KqlValue): boolean | null {
  const a = addressOf(text(address));
  const r = addressOf(text(range));
  return a && r ? networkOf(a.value, r.prefix) === networkOf(r.value, r.prefix) : null;
}

function inAnyRange(address: KqlValue, ranges: readonly KqlValue[]): boolean | null {
  const results = ranges.flatMap((range) => (isArray(range) ? range : [range])).map((range) => inRange(address, range));
  return results.includes(true) ? true : results.includes(null) ? null : false;
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

function parsed(source: KqlValue): KqlValue {
  const address = addressOf(text(source));
  return address ? networkOf(address.value, address.prefix) : null;
}

/** IPv4 functions (pages "ipv4_is_in_range()" and kin). */
export const ADDRESSES: Readonly<Record<string, Bind>> = {
  parse_ipv4: plain({ params: ['string'], returns: 'long', apply: parsed }),
  ipv4_compare: plain({ params: ['string', 'string', 'long?'], returns: 'long', apply: compared }),
  ipv4_is_match: plain({
    params: ['string', 'string', 'long?'],
    returns: 'bool',
    apply: (a, b, limit) => {
      const order = compared(a, b, limit);
      return order === null ? null : order === 0;
    },
  }),
  ipv4_is_in_range: plain({ params: ['string', 'string'], returns: 'bool', apply: inRange }),
  ipv4_is_in_any_range: plain({
    params: ['string', 'any'],
    rest: 'any',
    returns: 'bool',
    apply: (address, ...ranges) =>
      inAnyRange(
        address,
        ranges.filter((range) => range !== null),
      ),
  }),
  ipv4_is_private: plain({
    params: ['string'],
    returns: 'bool',
    apply: (address) => inAnyRange(address, PRIVATE),
  }),
  ipv4_netmask_suffix: plain({
    params: ['string'],
    returns: 'long',
    apply: (address) => addressOf(text(address))?.prefix ?? null,
  }),
};
