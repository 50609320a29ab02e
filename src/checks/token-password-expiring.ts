import { expiring } from '../access/judge.ts';
import type { Check } from '../model/check.ts';

/** A token's password ends within the ladder and nothing newer is in place: its clients get 401 from that moment. */
export const tokenPasswordExpiring: Check = {
  id: 'token-password-expiring',
  title: 'Repository token password expires soon',
  category: 'credentials',
  severity: 'medium',
  needs: ['registries', 'tokens', 'scopeMaps'],
  run: (input) => expiring(['token-password', 'token-certificate'], input),
};
