import { InvalidArgumentError } from 'commander';
import { guid } from '../policy/fields.ts';

/** Reads one more value of an option that takes the ids of subscriptions. */
export function subscriptionIds(id: string, before: string[] = []): string[] {
  if (guid.safeParse(id).success) return [...before, id];
  throw new InvalidArgumentError("It must be a subscription's id, a guid: az account list shows them.");
}
