import type { Check } from '../model/check.ts';

/** A registry task runs on machines of Azure's, with the token of the task, past the network rules. */
export const tasksBypassAllowed: Check = {
  id: 'tasks-bypass-allowed',
  title: 'Registry tasks bypass the network rules',
  category: 'network',
  severity: 'medium',
  needs: ['registries'],
  about: 'tasksBypass',
  run: ({ registries }) =>
    registries
      .filter(({ sku, exposure, tasksBypass }) => sku === 'Premium' && exposure !== 'public' && tasksBypass)
      .map(({ id, name, exposure }) => ({
        resourceId: id,
        reason: `Tasks reach ${name} past its network rules: whoever can run one, or holds its identity's token, has a way in.`,
        evidence: { networkRuleBypassAllowedForTasks: true, exposure },
        // The command line has no option for it: Azure documents this form.
        fix: `Run its tasks on an agent pool; then az resource update --ids ${id} --api-version 2025-11-01 --set properties.networkRuleBypassAllowedForTasks=false`,
      })),
};
