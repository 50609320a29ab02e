import type { Check } from '../model/check.ts';
import { acr } from '../model/command.ts';

/** Azure ends Docker content trust on 2028-03-31; what relies on it stops verifying or stops pulling. */
export const contentTrustEnabled: Check = {
  id: 'content-trust-enabled',
  title: 'Registry still uses Docker content trust',
  category: 'operations',
  severity: 'low',
  needs: ['registries'],
  run: ({ registries }) =>
    registries
      .filter(({ contentTrust }) => contentTrust)
      .map((registry) => ({
        resourceId: registry.id,
        reason: `${registry.name} uses Docker content trust, which Azure removes on 2028-03-31; it cannot be switched on again.`,
        evidence: { trustPolicy: 'enabled' },
        fix: `Sign with Notation instead, take DOCKER_CONTENT_TRUST=1 from the clients, then ${acr('config content-trust update', registry, '--status disabled')}`,
      })),
};
