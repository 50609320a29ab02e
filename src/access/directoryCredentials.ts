import type { Credential, Grant } from '../model/credential.ts';
import type { DirectorySecret, Facts, Instant, ServicePrincipal } from '../model/estate.ts';
import { type LoneCredential, withStates } from './holder.ts';
import { type Reach, reachOfPrincipals } from './reach.ts';
import { unionOfGrants } from './rights.ts';

/** The name that Entra application proxy gives to the secret that it keeps itself. */
const APPLICATION_PROXY_SECRET = 'CWAP_AuthSecret';

/** The secrets and certificates of every service principal that opens a registry: its own and its application's. */
export function directoryCredentials(facts: Facts, now: Instant): Credential[] {
  const reach = reachOfPrincipals(facts);
  const applications = new Map(facts.applications.map((application) => [application.appId, application]));
  return facts.servicePrincipals.flatMap((principal) => {
    const opens = reach.get(principal.id.toLowerCase()) ?? [];
    // Azure keeps and rotates a managed identity's certificate itself.
    if (opens.length === 0 || principal.servicePrincipalType === 'ManagedIdentity') return [];
    const onApplication = applications.get(principal.appId)?.secrets ?? [];
    const all = [
      ...signInSecrets(onApplication).map((secret) => lone(secret, 'application', principal, opens)),
      ...signInSecrets(principal.secrets).map((secret) => lone(secret, 'servicePrincipal', principal, opens)),
    ];
    return withStates(all, !principal.enabled, now);
  });
}

/** Without those that nobody signs in to a registry with: SAML signing pairs and their password, and the proxy's own. */
function signInSecrets(secrets: DirectorySecret[]): DirectorySecret[] {
  const saml = new Set(secrets.filter(({ usage }) => usage === 'Sign').map((secret) => secret.customKeyIdentifier));
  saml.delete(undefined);
  return secrets.filter(
    ({ usage, customKeyIdentifier, displayName }) =>
      usage !== 'Sign' &&
      !(customKeyIdentifier !== undefined && saml.has(customKeyIdentifier)) &&
      displayName !== APPLICATION_PROXY_SECRET,
  );
}

function lone(
  secret: DirectorySecret,
  keptOn: 'application' | 'servicePrincipal',
  principal: ServicePrincipal,
  opens: Reach[],
): LoneCredential {
  const word = secret.kind === 'password' ? 'secret' : 'certificate';
  return {
    kind: secret.kind === 'password' ? 'client-secret' : 'client-certificate',
    resourceId: `/servicePrincipals/${principal.id}`,
    subject: `${word}/${secret.keyId}`,
    holder: { type: 'principal', id: principal.id, name: principal.displayName, appId: principal.appId, keptOn },
    credentialName: secret.displayName ?? secret.keyId,
    ...(secret.startsOn && { startsOn: secret.startsOn }),
    ...(secret.expiresOn && { expiresOn: secret.expiresOn }),
    grants: opens.reduce<Grant[]>((all, { grants }) => unionOfGrants(all, grants), []),
    registries: opens.map(({ registry }) => registry.id).sort(),
  };
}
