import { isRestError } from '@azure/core-rest-pipeline';
import type { SecretProperties } from '@azure/keyvault-secrets';
import * as z from 'zod';
import type { Azure } from '../azure.ts';
import { INNER_CODE_HEADER, SAID_HEADER } from '../guard.ts';
import type { VaultContent, VaultSecret } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import type { VaultRule } from '../model/policy.ts';
import { armPages } from './arm.ts';
import { attempt, firstLine, gapFrom, isSignInFailure, UnusableAnswerError, whereRegistered } from './attempt.ts';
import { given, instant } from './wire.ts';

/** A vault's firewall keeps us out, which no permission changes. */
class VaultFirewallError extends Error {
  override name = 'VaultFirewallError';
}

/** A vault takes tokens of its own tenant only, and names it; that there is none for it says nothing of the others. */
class VaultSignInError extends Error {
  override name = 'VaultSignInError';
}

/** Host of a vault → its ARM id, for the vaults of one subscription. */
export async function readVaultIds(azure: Azure, subscriptionId: string, gaps: Gap[]): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/vaults?api-version=2023-07-01`;
  await attempt(gaps, 'vaults', `/subscriptions/${subscriptionId}`, async () => {
    for await (const wire of whereRegistered(armPages(azure, path))) {
      const read = WireVault.safeParse(wire);
      if (!read.success) {
        throw new UnusableAnswerError(
          `a vault of ${subscriptionId} came without ${read.error.issues[0]?.path.join('.')}`,
        );
      }
      ids.set(hostOf(read.data.properties.vaultUri), read.data.id);
    }
  });
  return ids;
}

const WireVault = z.object({ id: z.string(), properties: z.object({ vaultUri: z.string() }) });

/**
 * The secrets of one vault whose tags say that they hold a registry credential: names and dates, never a value. A vault that
 * stands in no list goes by its address; where a list is missing it may stand there, and is not looked at.
 */
export async function readVaultSecrets(
  azure: Azure,
  { url, tags }: VaultRule,
  ids: Map<string, string>,
  gaps: Gap[],
): Promise<VaultSecret[]> {
  const secrets: VaultSecret[] = [];
  const known = ids.get(hostOf(url));
  const unlisted = gaps.find(({ source }) => source === 'vaults');
  if (!known && unlisted) {
    const reason = `the vault may be one of those that could not be listed: ${unlisted.reason}`;
    gaps.push({ ...unlisted, source: 'vaultSecrets', scope: url, reason, toldElsewhere: true });
    return [];
  }
  const vaultId = known ?? url;
  await attempt(gaps, 'vaultSecrets', vaultId, async () => {
    try {
      for await (const properties of azure.secrets(url).listPropertiesOfSecrets()) {
        const holds = contentOf(properties.tags ?? {}, tags);
        // One with dates that cannot be read is a gap of its own; the rest of the vault is still known.
        const secret =
          holds &&
          (await attempt(gaps, 'vaultSecrets', vaultId, async () => toSecret(properties, vaultId, url, holds)));
        if (secret) secrets.push(secret);
        if (secret && !secret.createdOn) gaps.push(withoutAge(secret, url));
      }
    } catch (error) {
      throw explained(error);
    }
  });
  return secrets;
}

/** Its end is known; whether the credential is newer than it is not. */
function withoutAge({ name, vaultId }: VaultSecret, url: string): Gap {
  const error = new UnusableAnswerError(`secret ${name} of ${url} came without the time when it was created`);
  return gapFrom(error, 'vaultSecrets', vaultId);
}

/** Asks a vault for the first of its secrets, to see whether it answers; throws as reading them all would. */
export async function firstSecrets(azure: Azure, url: string): Promise<void> {
  try {
    await azure.secrets(url).listPropertiesOfSecrets().byPage({ maxPageSize: 1 }).next();
  } catch (error) {
    throw explained(error);
  }
}

/** Tags that say nothing, or only half, leave a secret to others. */
function contentOf(own: Record<string, string>, names: VaultRule['tags']): VaultContent | undefined {
  const value = (name: string | undefined): string | undefined => (name === undefined ? undefined : own[name]);
  const [appId, registry, token] = [value(names.applicationId), value(names.registry), value(names.token)];
  if (appId) return { type: 'application', appId: appId.toLowerCase() };
  if (!registry || !token) return undefined;
  return { type: 'token', registry, token, ...given('password', value(names.password)) };
}

function toSecret(properties: SecretProperties, vaultId: string, url: string, holds: VaultContent): VaultSecret {
  const { name, enabled, createdOn, notBefore, expiresOn } = properties;
  const of = `secret ${name} of ${url}`;
  return {
    vaultId,
    vaultName: hostOf(url).split('.')[0] ?? url,
    name,
    enabled: enabled !== false,
    ...given('createdOn', instant(createdOn, 'created', of)),
    ...given('startsOn', instant(notBefore, 'nbf', of)),
    ...given('expiresOn', instant(expiresOn, 'exp', of)),
    holds,
  };
}

/** Why a vault could not be read, in words that say what to do about it. */
function explained(error: unknown): unknown {
  if (!isSignInFailure(error)) return barred(error);
  return new VaultSignInError(`no token for the vault's tenant: ${firstLine(error)}`, { cause: error });
}

/**
 * Key Vault answers 403 for its firewall too, with an inner code and a sentence of its own (Key Vault REST error codes); the
 * rest of its message has names in it, which may be anything.
 */
function barred(error: unknown): unknown {
  if (!isRestError(error) || error.statusCode !== 403) return error;
  const code = error.response?.headers.get(INNER_CODE_HEADER);
  // The SDK's own message says only that paging failed.
  const said = error.response?.headers.get(SAID_HEADER) ?? error.message;
  const byFirewall = code
    ? /^ForbiddenBy(Firewall|Connection)$/i.test(code)
    : /^(client address is not authorized|public network access is disabled)/i.test(said);
  if (!byFirewall) return error;
  return new VaultFirewallError('the vault answers, but its firewall does not let this network in', { cause: error });
}

function hostOf(url: string): string {
  return new URL(url).hostname.toLowerCase();
}
