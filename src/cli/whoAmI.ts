import { userInfo } from 'node:os';
import type { TokenCredential } from '@azure/identity';

/** Who is at work: the Azure login where the state is in Azure, the account of this machine where it is a folder. */
export async function whoAmI(place: string, credential: TokenCredential): Promise<string> {
  if (!/^https:\/\//i.test(place)) return userInfo().username;
  const token = await credential.getToken('https://storage.azure.com/.default');
  // People have an address in their token, applications an id (Microsoft identity platform, access token claims).
  const name = token && claimIn(token.token, ['upn', 'unique_name', 'appid', 'oid']);
  if (!name) throw new Error('the Azure login does not say who you are; name yourself with --by');
  return name;
}

/** The object id of the Azure login; undefined where its token does not say. Throws where there is no login. */
export async function myObjectId(credential: TokenCredential, scope: string): Promise<string | undefined> {
  const token = await credential.getToken(scope);
  return token ? claimIn(token.token, ['oid']) : undefined;
}

/** The first of these claims that a token makes. */
function claimIn(token: string, claims: string[]): string | undefined {
  const [, payload = ''] = token.split('.');
  try {
    const made: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const values = typeof made === 'object' && made !== null ? Object.entries(made) : [];
    for (const claim of claims) {
      const value: unknown = values.find(([key]) => key === claim)?.[1];
      if (typeof value === 'string' && value !== '') return value;
    }
  } catch {
    // Not every token is a JWT; then it names nobody.
  }
  return undefined;
}
