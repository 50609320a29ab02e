import type { Check } from '../model/check.ts';
import { SOURCES } from '../model/source.ts';
import { adminAccountEnabled } from './admin-account-enabled.ts';
import { credentialSuperseded } from './credential-superseded.ts';
import { principalSecretExpired } from './principal-secret-expired.ts';
import { principalSecretExpiring } from './principal-secret-expiring.ts';
import { publicNetworkAccessEnabled } from './public-network-access-enabled.ts';
import { tokenPasswordExpired } from './token-password-expired.ts';
import { tokenPasswordExpiring } from './token-password-expiring.ts';
import { tokenPasswordNeverExpires } from './token-password-never-expires.ts';
import { unreadableScope } from './unreadable-scope.ts';

/** Every check, by id. */
export const CHECKS: readonly Check[] = [
  adminAccountEnabled,
  credentialSuperseded,
  principalSecretExpired,
  principalSecretExpiring,
  publicNetworkAccessEnabled,
  tokenPasswordExpired,
  tokenPasswordExpiring,
  tokenPasswordNeverExpires,
  unreadableScope,
];

/** The shards that run a check, from what it needs; one that needs nothing of its own runs in both. */
export function shardsOf({ needs }: Check): ('subscription' | 'tenant')[] {
  const shards = new Set(needs.map((source) => SOURCES[source].shard));
  if (shards.size === 0) return ['subscription', 'tenant'];
  const own = (['subscription', 'tenant'] as const).filter((shard) => shards.has(shard));
  return own.length > 0 ? own : ['subscription'];
}
