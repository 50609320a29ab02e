import * as z from 'zod';
import type { Azure } from '../azure.ts';
import type { DefenderPlan } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { armPages } from './arm.ts';
import { attempt, isUnregistered, UnusableAnswerError } from './attempt.ts';
import { understood } from './wire.ts';

const API_VERSION = '2024-01-01';
/** The part of the plan that looks at images in registries (Defender's REST reference, Pricings). */
const SCANNING = 'ContainerRegistriesVulnerabilityAssessments';

/** `isEnabled` is a text here (wire: pricings-list). */
const WirePricing = z.object({
  name: z.string(),
  properties: z.object({
    pricingTier: z.string(),
    extensions: z.array(z.object({ name: z.string(), isEnabled: z.string() })).nullish(),
  }),
});

/** Whether Defender for Containers looks after the registries of a subscription; undefined: could not be read. */
export async function readDefenderPlan(
  azure: Azure,
  subscriptionId: string,
  gaps: Gap[],
): Promise<DefenderPlan | undefined> {
  const scope = `/subscriptions/${subscriptionId}`;
  return attempt(gaps, 'defenderPlans', scope, async () => {
    const path = `${scope}/providers/Microsoft.Security/pricings?api-version=${API_VERSION}`;
    try {
      for await (const wire of armPages(azure, path)) {
        const { name, properties } = understood(WirePricing, wire, `a Defender plan of ${scope}`);
        if (name.toLowerCase() !== 'containers') continue;
        const scanning = properties.extensions?.find((extension) => extension.name === SCANNING);
        return {
          subscriptionId,
          enabled: properties.pricingTier.toLowerCase() === 'standard',
          scansRegistries: scanning?.isEnabled.toLowerCase() !== 'false',
        };
      }
    } catch (error) {
      if (!isUnregistered(error)) throw error;
      return { subscriptionId, enabled: false, scansRegistries: false };
    }
    throw new UnusableAnswerError(`the Defender plans of ${scope} came without the plan Containers`);
  });
}
