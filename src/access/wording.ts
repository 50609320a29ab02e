import { lastSegment } from '../model/armId.ts';
import type { Credential } from '../model/credential.ts';
import type { Evidence } from '../model/finding.ts';

/** "password1 of token ci", "secret 'gh' of service principal ci-push". */
export function nameOf({ kind, holder, credentialName }: Credential): string {
  switch (holder.type) {
    case 'token':
      return `${credentialName} of token ${holder.name}`;
    case 'vault':
      return `secret ${credentialName} of vault ${holder.name}`;
    case 'cache':
      return `${credentialName} of cache credential set ${holder.name}`;
    case 'principal': {
      const words = { 'client-secret': 'secret', 'saml-certificate': 'SAML signing certificate' };
      const word = kind === 'client-secret' || kind === 'saml-certificate' ? words[kind] : 'certificate';
      return `${word} '${credentialName}' of service principal ${holder.name}`;
    }
  }
}

/** "pull at shop", "pull, push at 14 registries". */
export function reachOf({ grants, registries }: Pick<Credential, 'grants' | 'registries'>): string {
  const where = placesOf(registries);
  if (!grants) return `${where} (what it may do there is not known)`;
  return `${grants.join(', ') || 'nothing'} at ${where}`;
}

/** The registry, or how many. */
export function placesOf(registries: string[]): string {
  const [only] = registries;
  return registries.length === 1 && only ? lastSegment(only) : `${registries.length} registries`;
}

/** What is true of a credential until somebody changes it. */
export function evidenceOf(credential: Credential): Evidence {
  const { holder, credentialName, startsOn, expiresOn, grants, registries, supersededBy, through } = credential;
  return {
    holder: holder.name,
    ...(holder.type === 'principal' && { appId: holder.appId }),
    credential: credentialName,
    startsOn: startsOn ?? null,
    expiresOn: expiresOn ?? null,
    grants: grants ?? null,
    registries,
    through,
    ...(supersededBy && { supersededBy }),
    ...(credential.federatedInPlace && { federated: true }),
  };
}
