import { expired } from '../access/judge.ts';
import type { Check } from '../model/check.ts';

/** A token's password has ended: pulls with it return 401. Critical when it was the token's last. */
export const tokenPasswordExpired: Check = {
  id: 'token-password-expired',
  title: 'Repository token password has expired',
  category: 'credentials',
  severity: 'critical',
  needs: ['registries', 'tokens', 'scopeMaps'],
  run: (input) => expired(['token-password', 'token-certificate'], input),
};
