import type { Check } from '../model/check.ts';

/** Nobody looks at the images for known holes. */
export const defenderPlanDisabled: Check = {
  id: 'defender-plan-disabled',
  title: 'Defender for Containers does not look at the registries',
  category: 'hygiene',
  severity: 'low',
  needs: ['registries', 'defenderPlans'],
  run: ({ defenderPlans }) =>
    defenderPlans
      .filter(({ enabled, scansRegistries }) => !enabled || !scansRegistries)
      .map(({ subscriptionId, enabled }) => {
        const plan = `az security pricing create --name Containers --tier Standard --subscription ${subscriptionId}`;
        return {
          resourceId: `/subscriptions/${subscriptionId}`,
          reason: enabled
            ? `Defender for Containers is on in this subscription, but not for its registries: their images are not scanned.`
            : `Defender for Containers is off in this subscription: the images of its registries are not scanned.`,
          evidence: { plan: enabled ? 'Standard' : 'Free', scansRegistries: false },
          fix: enabled ? `${plan} --extensions name=ContainerRegistriesVulnerabilityAssessments isEnabled=True` : plan,
        };
      }),
};
