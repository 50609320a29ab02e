import type { Credential, Holder } from '../model/credential.ts';

/** Days that a new token password lives: short enough to matter, long enough to distribute. */
const TOKEN_PASSWORD_DAYS = 90;

/**
 * The commands that replace a credential, in the order that never leaves the holder without one: a new one beside it,
 * hand it out, remove the old one.
 */
export function rotation(credential: Credential, others: Credential[]): string {
  const { holder } = credential;
  if (holder.type === 'principal') {
    return `${addSecret(holder)}; hand the new secret out; then ${removal(credential)}`;
  }
  if (credential.kind === 'token-certificate') return removal(credential);
  const slot = freeSlot(credential, others);
  const generate = `az acr token credential generate ${named(holder)} --${slot} --expiration-in-days ${TOKEN_PASSWORD_DAYS}`;
  if (slot === credential.credentialName) return `${generate}; hand the new password out`;
  return `${generate}; hand the new password out; then ${removal(credential)}`;
}

/** The command that removes a credential which is not needed any more. */
export function removal({ holder, subject, credentialName, kind }: Credential): string {
  if (holder.type === 'token') {
    return kind === 'token-password'
      ? `az acr token credential delete ${named(holder)} --${credentialName}`
      : `az acr token delete ${named(holder)}`;
  }
  const certificate = kind === 'client-certificate' ? ' --cert' : '';
  return `${command(holder, 'delete')} --key-id ${subject.slice(subject.indexOf('/') + 1)}${certificate}`;
}

function addSecret(holder: Extract<Holder, { type: 'principal' }>): string {
  return `${command(holder, 'reset')} --append --years 1`;
}

/** Secrets are kept on the application or on the service principal's own object, and each has its own command. */
function command({ keptOn, appId, id }: Extract<Holder, { type: 'principal' }>, verb: string): string {
  return keptOn === 'application'
    ? `az ad app credential ${verb} --id ${appId}`
    : `az ad sp credential ${verb} --id ${id}`;
}

function named({ name, registryName, subscriptionId }: Extract<Holder, { type: 'token' }>): string {
  return `--name ${name} --registry ${registryName} --subscription ${subscriptionId}`;
}

/** The token's other password if nobody can be using it, else the one in question. */
function freeSlot(credential: Credential, others: Credential[]): string {
  const other = credential.credentialName === 'password1' ? 'password2' : 'password1';
  const taken = others.find(
    ({ holder, credentialName }) => holder.id === credential.holder.id && credentialName === other,
  );
  return !taken || taken.state === 'expired' ? other : credential.credentialName;
}
