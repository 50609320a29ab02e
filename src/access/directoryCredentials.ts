import type { Credential } from '../model/credential.ts';
import type { DirectorySecret, Facts, Instant, ServicePrincipal } from '../model/estate.ts';
import type { Policy } from '../model/policy.ts';
import { type LoneCredential, withStates } from './holder.ts';
import { ownersOf } from './owners.ts';
import { isManaged, keepsItsCredentials, unseenCredentials } from './principals.ts';
import { openedBy, reachOfPrincipals } from './reach.ts';
import { samlOf, signInSecrets } from './saml.ts';
import { throughOf } from './through.ts';

type KeptOn = 'application' | 'servicePrincipal';

/** The secrets and certificates of every service principal that opens a registry: its own and its application's. */
export function directoryCredentials(facts: Facts, now: Instant, policy: Policy): Credential[] {
  const reach = reachOfPrincipals(facts);
  const applications = new Map(facts.applications.map((application) => [application.appId.toLowerCase(), application]));
  const mayHaveOthers = unseenCredentials(facts);
  return facts.servicePrincipals.flatMap((principal) => {
    const opens = [...(reach.get(principal.id.toLowerCase())?.values() ?? [])];
    if (opens.length === 0 || isManaged(principal)) return [];
    const isOurs = keepsItsCredentials(principal, facts.tenantId);
    const application = isOurs ? applications.get(principal.appId.toLowerCase()) : undefined;
    const registries = opens.map(({ registry }) => registry);
    const common = {
      ...openedBy(opens),
      through: throughOf(opens, facts.subscriptions),
      owners: ownersOf(principal.owners ?? [], registries, policy),
      federatedInPlace: (application?.federated ?? []).length > 0,
    };
    const kept: [KeptOn, DirectorySecret[]][] = [
      ['application', application?.secrets ?? []],
      ['servicePrincipal', principal.secrets],
    ];
    const signIn = kept.flatMap(([keptOn, secrets]) =>
      signInSecrets(secrets).map((secret) => ({ ...lone(secret, keptOn, principal), ...common })),
    );
    const saml = kept.flatMap(([keptOn, secrets]) =>
      samlOf(secrets).map((secret) => ({
        ...lone(secret, keptOn, principal),
        kind: 'saml-certificate' as const,
        ...common,
      })),
    );
    const disabled = !principal.enabled;
    // A SAML pair neither replaces a credential that signs in nor is the last of its holder.
    const asserting = withStates(saml, disabled, now).map((one) => ({ ...one, lastOfHolder: false }));
    return [...withStates(signIn, disabled, now, mayHaveOthers(principal, application)), ...asserting];
  });
}

type OwnPart = Omit<LoneCredential, 'grants' | 'registries' | 'through' | 'owners' | 'federatedInPlace'>;

function lone(secret: DirectorySecret, keptOn: KeptOn, principal: ServicePrincipal): OwnPart {
  const word = secret.kind === 'password' ? 'secret' : 'certificate';
  return {
    kind: secret.kind === 'password' ? 'client-secret' : 'client-certificate',
    resourceId: `/servicePrincipals/${principal.id}`,
    subject: `${word}/${secret.keyId}`,
    holder: { type: 'principal', id: principal.id, name: principal.displayName, appId: principal.appId, keptOn },
    credentialName: secret.displayName ?? secret.keyId,
    ...(secret.startsOn && { startsOn: secret.startsOn }),
    ...(secret.expiresOn && { expiresOn: secret.expiresOn }),
  };
}
