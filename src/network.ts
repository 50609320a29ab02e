import { mergeCidr, parseCidr } from 'cidr-tools';
import * as z from 'zod';

const ADDRESSES = z.union([z.cidrv4(), z.ipv4(), z.cidrv6(), z.ipv6()]);

/**
 * An address or a range as a network in CIDR notation, without host bits: `203.0.113.5` is `203.0.113.5/32`; undefined:
 * it is neither. The library takes any text for an address, so the text is checked first (facts/libraries row 4).
 */
export function networkOf(text: unknown): string | undefined {
  const read = ADDRESSES.safeParse(text);
  return read.success ? mergeCidr([read.data])[0] : undefined;
}

/** Networks, each once, in one order. */
export function networksOf(networks: Iterable<string>): string[] {
  return [...new Set(networks)].sort();
}

const EVERYTHING = ['0.0.0.0/0', '::/0'];

/** Whether networks together are the whole address space: two /1 are as much as one /0 (semantics §2). */
export function coversEverything(networks: string[]): boolean {
  return mergeCidr(networks).some((range) => EVERYTHING.includes(range));
}

/** Those of some networks, the broadest, that together let in everybody; without them the others do not. */
export function coverOf(networks: string[]): string[] {
  const left = networks.toSorted((a, b) => Number(parseCidr(a).prefix) - Number(parseCidr(b).prefix));
  const cover: string[] = [];
  while (coversEverything(left)) {
    const whole: string[] = [];
    while (!coversEverything(whole)) whole.push(...left.splice(0, 1));
    cover.push(...whole);
  }
  return cover;
}
