import { lastSegment } from '../model/armId.ts';
import type { Registry, VaultSecret } from '../model/estate.ts';

/** A tag names a registry by its name, which Azure gives only once in the world, by its login server or by its id. */
export function isOf({ holds }: VaultSecret, { name, loginServer }: Registry): boolean {
  if (holds.type !== 'token') return false;
  const wanted = holds.registry.toLowerCase();
  return lastSegment(wanted) === name.toLowerCase() || wanted === loginServer.toLowerCase();
}
