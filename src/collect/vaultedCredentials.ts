import pLimit from 'p-limit';
import { isOf } from '../access/vaultTags.ts';
import type { Azure } from '../azure.ts';
import type { Facts } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import type { Policy } from '../model/policy.ts';
import { readScopeMaps, readTokens } from './tokens.ts';
import { readVaultIds, readVaultSecrets } from './vaults.ts';

const AT_ONCE = 8;

type VaultFacts = Pick<Facts, 'vaultSecrets' | 'vaultedTokens' | 'vaultedScopeMaps'>;

/** The vault secrets that hold registry credentials, and the tokens that they are copies of. */
export async function readVaultedCredentials(
  azure: Azure,
  facts: Facts,
  vaults: Policy['vaults'],
): Promise<VaultFacts> {
  const found: VaultFacts = { vaultSecrets: [], vaultedTokens: [], vaultedScopeMaps: [] };
  if (vaults.length === 0) return found;
  const { gaps } = facts;
  const limit = pLimit(AT_ONCE);
  const maps = await limit.map(facts.subscriptions, ({ subscriptionId }) => readVaultIds(azure, subscriptionId, gaps));
  const ids = new Map(maps.flatMap((map) => [...map]));
  const secrets = await limit.map(vaults, (vault) => readVaultSecrets(azure, vault, ids, gaps));
  found.vaultSecrets = secrets.flat();
  const named = facts.registries.filter((registry) => found.vaultSecrets.some((secret) => isOf(secret, registry)));
  await limit.map(named, async (registry) => {
    const failed: Gap[] = [];
    found.vaultedTokens.push(...(await readTokens(azure, registry, failed)).tokens);
    found.vaultedScopeMaps.push(...(await readScopeMaps(azure, registry, failed)));
    // The subscription's own shard tells of a right that is missing; here it is the vault's secret that cannot be compared.
    gaps.push(
      ...failed.map(
        (gap): Gap => ({ ...gap, source: 'vaultedTokens', ...(gap.permission && { toldElsewhere: true as const }) }),
      ),
    );
  });
  return found;
}
