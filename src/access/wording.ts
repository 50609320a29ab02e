import { lastSegment } from '../model/armId.ts';
import type { Credential } from '../model/credential.ts';
import type { Instant } from '../model/estate.ts';
import type { Evidence } from '../model/finding.ts';

/** "password1 of token ci", "secret 'gh' of service principal ci-push". */
export function nameOf({ kind, holder, credentialName }: Credential): string {
  if (holder.type === 'token') return `${credentialName} of token ${holder.name}`;
  return `${kind === 'client-secret' ? 'secret' : 'certificate'} '${credentialName}' of service principal ${holder.name}`;
}

/** "pull from shop", "pull, push at 14 registries". */
export function reachOf({ grants, registries }: Credential): string {
  const [only] = registries;
  const where = registries.length === 1 && only ? lastSegment(only) : `${registries.length} registries`;
  if (!grants) return `${where} (what it may do there could not be read)`;
  return `${grants.join(', ') || 'nothing'} at ${where}`;
}

/** What is true of a credential until somebody changes it. */
export function evidenceOf(credential: Credential): Evidence {
  const { holder, credentialName, startsOn, expiresOn, grants, registries, supersededBy } = credential;
  return {
    holder: holder.name,
    ...(holder.type === 'principal' && { appId: holder.appId }),
    credential: credentialName,
    startsOn: startsOn ?? null,
    expiresOn: expiresOn ?? null,
    grants: grants ?? null,
    registries,
    ...(supersededBy && { supersededBy }),
  };
}

/** A moment as people read it, to the minute. */
export function dayOf(instant: Instant): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}
