import type { Azure } from '../azure.ts';
import type { Subscription } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt } from './attempt.ts';
import { firstOfEach, required } from './wire.ts';

/** Every subscription that the identity can see, whatever its state. */
export async function readSubscriptions(azure: Azure, gaps: Gap[]): Promise<Subscription[]> {
  const subscriptions: Subscription[] = [];
  const isFirst = firstOfEach();
  await attempt(gaps, 'subscriptions', '/', async () => {
    for await (const wire of azure.subscriptions.subscriptions.list()) {
      const subscriptionId = required(wire.subscriptionId, 'subscriptionId', 'a subscription');
      if (!isFirst(subscriptionId)) continue;
      subscriptions.push({
        subscriptionId,
        displayName: required(wire.displayName, 'displayName', `subscription ${subscriptionId}`),
        tenantId: required(wire.tenantId, 'tenantId', `subscription ${subscriptionId}`),
        state: required(wire.state, 'state', `subscription ${subscriptionId}`),
      });
    }
  });
  return subscriptions;
}
