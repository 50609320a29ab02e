import { neverExpiring } from '../access/judge.ts';
import type { Check } from '../model/check.ts';

/** ACR's default for a token password is no end at all; whoever copies it keeps it for good. */
export const tokenPasswordNeverExpires: Check = {
  id: 'token-password-never-expires',
  title: 'Repository token password never expires',
  category: 'credentials',
  severity: 'medium',
  needs: ['registries', 'tokens', 'scopeMaps'],
  run: (input) => neverExpiring(['token-password', 'token-certificate'], input),
};
