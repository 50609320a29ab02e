import * as z from 'zod';
import type { Azure } from '../azure.ts';
import type { Registry } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { armPages } from './arm.ts';
import { attempt } from './attempt.ts';
import { understood } from './wire.ts';

/** No stable version shows the policy, and the SDK drops it (facts §1.1; wire: registries-get.basic has it). */
const API_VERSION = '2026-09-01-preview';

const WireRegistry = z.object({
  id: z.string(),
  properties: z.object({
    policies: z.object({ softDeletePolicy: z.object({ status: z.string().nullish() }).nullish() }).nullish(),
  }),
});

/** Notes on each of a subscription's registries whether it keeps deleted artifacts for a while. */
export async function readSoftDelete(
  azure: Azure,
  subscriptionId: string,
  registries: Registry[],
  gaps: Gap[],
): Promise<void> {
  const known = new Map(registries.map((registry) => [registry.id.toLowerCase(), registry]));
  const scope = `/subscriptions/${subscriptionId}`;
  await attempt(gaps, 'softDelete', scope, async () => {
    const path = `${scope}/providers/Microsoft.ContainerRegistry/registries?api-version=${API_VERSION}`;
    for await (const wire of armPages(azure, path)) {
      const { id, properties } = understood(WireRegistry, wire, `a registry of ${scope}`);
      const registry = known.get(id.toLowerCase());
      // It is off until somebody switches it on; registries from before it existed do not name it.
      const status = properties.policies?.softDeletePolicy?.status ?? 'disabled';
      if (registry) registry.softDelete = status.toLowerCase() === 'enabled';
    }
    for (const { id, name, softDelete } of registries) {
      if (softDelete !== undefined) continue;
      const reason = `cannot read the soft delete policy of ${name}: Azure's list of policies leaves this registry out`;
      gaps.push({ source: 'softDelete', scope: id, code: 'Contradiction', reason });
    }
  });
}
