import { BlockList, isIPv6 } from 'node:net';

/** Whether an address is in one of the networks; null is the whole world. */
export function isAllowed(address: string, networks: readonly string[] | null): boolean {
  if (networks === null) return true;
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits] = network.split('/');
    const family = isIPv6(base) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(base, family);
    else list.addSubnet(base, Number(bits), family);
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
