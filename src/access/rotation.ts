import { lastSegment } from '../model/armId.ts';
import type { CheckInput } from '../model/check.ts';
import type { Credential, Holder } from '../model/credential.ts';
import type { Instant } from '../model/estate.ts';
import { dayIn, newLifetimeDays } from './expiry.ts';
import { endsLater } from './holder.ts';

/** Days that a new token password usually lives: short enough to matter, long enough to distribute. */
const TOKEN_PASSWORD_DAYS = 90;
/** And a new secret of a service principal, which az makes for a year too. */
const SECRET_DAYS = 365;
type Principal = Extract<Holder, { type: 'principal' }>;
type Token = Extract<Holder, { type: 'token' }>;
/** What its replacement depends on; the others of its holder are among the credentials. */
type Around = Pick<CheckInput, 'credentials' | 'now' | 'policy'>;

/**
 * The commands that replace a credential, in the order that never leaves the holder without one: a new one beside it,
 * hand it out, remove the old one.
 */
export function rotation(credential: Credential, around: Around): string {
  const { holder } = credential;
  switch (holder.type) {
    case 'principal':
      return principalRotation(credential, holder, around);
    case 'token':
      return tokenRotation(credential, holder, around, 'hand the new password out');
    case 'vault':
      return `renew the credential that it holds; then ${storing(holder.name, credential.credentialName)}`;
    case 'cache':
      return `put working credentials into the Key Vault secrets that credential set ${holder.name} names`;
  }
}

/** The same for a credential whose clients find it in a Key Vault secret: handing out is storing. */
export function vaultRotation(real: Credential, around: Around, store: string): string {
  const { holder } = real;
  if (holder.type === 'principal') return principalRotation(real, holder, around, store);
  return holder.type === 'token' ? tokenRotation(real, holder, around, store) : store;
}

/** The command that removes a credential which is not needed any more. */
export function removal({ holder, subject, credentialName, kind }: Credential): string {
  switch (holder.type) {
    case 'token':
      return kind === 'token-password'
        ? `az acr token credential delete ${named(holder)} --${credentialName}`
        : // Deleting the token would end its passwords too, and its other certificate.
          `take ${credentialName} of token ${holder.name} out by hand: az has no command that removes one certificate of a token`;
    case 'principal': {
      const certificate = kind === 'client-secret' ? '' : ' --cert';
      return `${command(holder, 'delete')} --key-id ${lastSegment(subject)}${certificate}`;
    }
    case 'vault':
      return `az keyvault secret set-attributes --vault-name ${holder.name} --name ${credentialName} --enabled false`;
    case 'cache':
      return `az acr credential-set delete --name ${holder.name} --registry ${holder.registryName} --subscription ${holder.subscriptionId}`;
  }
}

/**
 * The command that keeps a new value in a vault together with its end; the value comes from a file, not from the shell's history.
 * `named`: what its tags have to name, where they name a credential.
 */
export function storing(
  vaultName: string,
  secretName: string,
  { expiresOn, named }: { expiresOn?: Instant; named?: string } = {},
): string {
  const end = expiresOn ? secondOf(expiresOn) : '<end of the new credential>';
  const tags = `<its tags, which a new version does not keep${named ? `, with ${named} as its password` : ''}>`;
  return `az keyvault secret set --vault-name ${vaultName} --name ${secretName} --file <file with the new value> --expires ${end} --tags ${tags}`;
}

/** The command that gives what a vault keeps another end. */
export function dating(vaultName: string, secretName: string, expiresOn: Instant): string {
  return `az keyvault secret set-attributes --vault-name ${vaultName} --name ${secretName} --expires ${secondOf(expiresOn)}`;
}

/** `az keyvault` takes no fraction of a second. */
function secondOf(instant: Instant): string {
  return `${instant.slice(0, 19)}Z`;
}

function principalRotation(credential: Credential, holder: Principal, { now, policy }: Around, store?: string): string {
  if (credential.kind === 'saml-certificate') {
    return `az rest --method POST --url https://graph.microsoft.com/v1.0/servicePrincipals/${holder.id}/addTokenSigningCertificate --body ${quoted({ displayName: `CN=${holder.name}` })}; hand the new certificate to the applications that trust it, then make it the active one`;
  }
  if (credential.federatedInPlace) {
    return `let the clients sign in with the federated credential of ${holder.name}; then ${removal(credential)}`;
  }
  const reset = `${command(holder, 'reset')} --append`;
  if (credential.kind === 'client-certificate') {
    return `${reset} --cert @<new certificate>.pem; ${store ?? 'install the new certificate'}; then ${removal(credential)}`;
  }
  const better = 'a federated credential or a managed identity would need no secret';
  const days = Math.min(policy.expiry.longestLifetime, newLifetimeDays(SECRET_DAYS, policy.expiry));
  return `${reset} --end-date ${dayIn(days, now)}; ${store ?? 'hand the new secret out'}; then ${removal(credential)} (${better})`;
}

/** A directory object may be called anything, and somebody pastes the command: nothing of a name may leave its quotes. */
function quoted(body: object): string {
  return `'${JSON.stringify(body).replaceAll("'", String.raw`'\''`)}'`;
}

function tokenRotation(credential: Credential, holder: Token, { credentials, policy }: Around, share: string): string {
  const days = newLifetimeDays(TOKEN_PASSWORD_DAYS, policy.expiry);
  const generate = (slot: string): string =>
    `az acr token credential generate ${named(holder)} --${slot} --expiration-in-days ${days}`;
  const own = credential.credentialName;
  const slots = own === 'password2' ? ['password1'] : own === 'password1' ? ['password2'] : ['password1', 'password2'];
  const inUse = credentials.filter((one) => one.holder.id === holder.id && isInUse(one, slots));
  const free = slots.find((slot) => !inUse.some(({ credentialName }) => credentialName === slot));
  if (free) return `${generate(free)}; ${share}; then ${removal(credential)}`;
  const refuge = inUse.find((one) => one.state !== 'superseded' && endsLater(one, credential))?.credentialName;
  if (!refuge) {
    const slot = inUse.find(({ state }) => state === 'superseded')?.credentialName ?? slots[0] ?? own;
    return `when no client uses ${slot} any more, since generating ends the old password at once: ${generate(slot)}; ${share}; then ${removal(credential)}`;
  }
  if (credential.kind !== 'token-password') return `move its clients to ${refuge} of token ${holder.name}`;
  return `move its clients to ${refuge}, since generating ends the old password at once; then ${generate(own)}; ${share}`;
}

/** A password that works may be in somebody's hands. */
function isInUse({ credentialName, state }: Credential, slots: string[]): boolean {
  return slots.includes(credentialName) && state !== 'expired';
}

/** Secrets are kept on the application or on the service principal's own object, and each has its own command. */
function command({ keptOn, appId, id }: Principal, verb: string): string {
  return keptOn === 'application'
    ? `az ad app credential ${verb} --id ${appId}`
    : `az ad sp credential ${verb} --id ${id}`;
}

function named({ name, registryName, subscriptionId }: Token): string {
  return `--name ${name} --registry ${registryName} --subscription ${subscriptionId}`;
}
