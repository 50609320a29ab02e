import type { CheckInput } from '../model/check.ts';
import type { Credential } from '../model/credential.ts';
import type { Hit } from '../model/finding.ts';
import type { Severity } from '../model/severity.ts';
import type { Source } from '../model/source.ts';
import { weighed } from './expiry.ts';
import { rotation, storing, vaultRotation } from './rotation.ts';
import { isStale, type VaultCopy, vaultCopies } from './vaultCopies.ts';
import { nameOf, reachOf } from './wording.ts';

/** What joins a secret of a vault to the credential that it holds, and that to its holder. */
export const VAULT_SOURCES: readonly Source[] = [
  'vaultSecrets',
  'vaultedTokens',
  'roleAssignments',
  'roleDefinitions',
  'groups',
  'servicePrincipals',
  'applications',
];

/** A vault secret in use, as a credential of its own and beside the credential that it is a copy of. */
export interface VaultCase {
  copy: VaultCopy;
  credential: Credential;
}

/** Every vault secret that holds a registry credential and is not disabled. */
export function vaultCases(input: CheckInput): VaultCase[] {
  return vaultCopies(input, input.now, input.policy).flatMap((copy) => {
    const { vaultId, name } = copy.secret;
    const credential = input.credentials.find(
      (one) => one.kind === 'vault-secret' && one.resourceId === vaultId && one.subject === name,
    );
    return credential && credential.state !== 'disabled' ? [{ copy, credential }] : [];
  });
}

/** A finding about a vault secret. */
export function vaultHit(
  { copy: { secret, real, principal }, credential }: VaultCase,
  { reason, severity, fix }: { reason: string; severity: Severity; fix: string },
  { policy }: CheckInput,
): Hit {
  const { expiresOn, resourceId, subject, owners, registries } = credential;
  return {
    resourceId,
    subject,
    reason: `The ${nameOf(credential)}, ${contentOf({ secret, registries, ...(real && { real }) })}, ${reason}.`,
    severity: weighed(severity, credential, policy.expiry),
    ...(expiresOn && { expiresOn }),
    owners,
    evidence: {
      vault: secret.vaultName,
      holds: secret.holds,
      ...(principal && { identity: principal.id }),
      createdOn: secret.createdOn ?? null,
      expiresOn: expiresOn ?? null,
      credentialExpiresOn: real ? (real.expiresOn ?? 'never') : null,
      registries,
    },
    fix,
  };
}

/** Renew what the secret holds, store it with its end, and only then remove the old one. */
export function renewal({ copy, credential }: VaultCase, input: CheckInput): string {
  const { secret, real, newest, siblings } = copy;
  const { vaultName, name, holds } = secret;
  const isNamed = holds.type === 'token' && holds.password !== undefined;
  // Another one is in place already: generating again would end what its clients use.
  if (newest && (newest !== real || isStale(copy))) {
    const { expiresOn, credentialName } = newest;
    const store = storing(vaultName, name, {
      ...(expiresOn && { expiresOn }),
      ...(isNamed && { named: credentialName }),
    });
    return `store the newest credential, ${nameOf(newest)}: ${store}`;
  }
  if (!real) return rotation(credential, input);
  const store = storing(vaultName, name, isNamed ? { named: 'the new one' } : {});
  return vaultRotation(real, { ...input, credentials: siblings }, store);
}

function contentOf({ secret: { holds }, real, registries }: Pick<VaultCopy, 'secret' | 'real' | 'registries'>): string {
  if (real)
    return `a copy of ${nameOf(real)}, which allows ${reachOf({ registries, ...(real.grants && { grants: real.grants }) })}`;
  if (holds.type === 'application') return `a copy of a credential of application ${holds.appId}`;
  return `a copy of ${holds.password ?? 'a credential'} of token ${holds.token}`;
}
