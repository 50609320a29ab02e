import type { DirectorySecret } from '../model/estate.ts';

/** The name that Entra application proxy gives to the secret that it keeps itself. */
const APPLICATION_PROXY_SECRET = 'CWAP_AuthSecret';

/** The credentials that a principal signs in with: without SAML pairs and their password, and the proxy's own. */
export function signInSecrets(secrets: DirectorySecret[]): DirectorySecret[] {
  const pairs = pairsOf(secrets);
  return secrets.filter(
    (secret) => secret.usage !== 'Sign' && !isPaired(secret, pairs) && secret.displayName !== APPLICATION_PROXY_SECRET,
  );
}

/** SAML signing certificates: a Sign key stands for its Verify key and for the password that comes with them. */
export function samlOf(secrets: DirectorySecret[]): DirectorySecret[] {
  return secrets.filter(({ usage }) => usage === 'Sign');
}

/** What the Sign keys have in common with the rest of their pair (Graph: keyCredential, customKeyIdentifier). */
function pairsOf(secrets: DirectorySecret[]): Set<string> {
  const ids = samlOf(secrets).map(({ customKeyIdentifier }) => customKeyIdentifier);
  return new Set(ids.filter((id) => id !== undefined));
}

function isPaired({ customKeyIdentifier }: DirectorySecret, pairs: Set<string>): boolean {
  return customKeyIdentifier !== undefined && pairs.has(customKeyIdentifier);
}
