import type { Check } from '../model/check.ts';
import { acrUpdate } from '../model/command.ts';

/** Everybody who reaches the registry pulls every repository, whatever scope maps and roles say. */
export const anonymousPullEnabled: Check = {
  id: 'anonymous-pull-enabled',
  title: 'Registry lets anybody pull without signing in',
  category: 'access',
  severity: 'high',
  needs: ['registries'],
  about: 'anonymousPull',
  run: ({ registries }) =>
    registries
      .filter((registry) => registry.anonymousPullEnabled)
      .map((registry) => ({
        resourceId: registry.id,
        reason: `${registry.name} gives every image of every repository to whoever reaches it, without a sign-in.`,
        evidence: { anonymousPullEnabled: true, exposure: registry.exposure },
        fix: `Give whoever pulls without a sign-in AcrPull or a token; then ${acrUpdate(registry, '--anonymous-pull-enabled false')}`,
      })),
};
