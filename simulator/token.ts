import type { AccessToken, TokenCredential } from '@azure/core-auth';

/** Who the simulator's tokens speak for: `AuthorizationFailed` and the quotas name it. */
export const SIMULATED_CALLER = {
  objectId: '0bde57a1-5a1e-4f0e-9d1c-000000000001',
  clientId: '0bde57a1-5a1e-4f0e-9d1c-000000000002',
};

export interface Caller {
  objectId: string;
  clientId: string;
  tenantId: string;
  audience: string;
}

const HOUR_MS = 3_600_000;

/** Where the real one has its signature. By it a test finds a token wherever it should not be. */
const SIGNATURE = 'PLANTED-simulated';

/** An unsigned token that says whom it is for. It looks like the real one, and is worth nothing anywhere else. */
export function issueToken(caller: Caller): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { aud: caller.audience, oid: caller.objectId, appid: caller.clientId, tid: caller.tenantId };
  return `${part({ typ: 'JWT', alg: 'none' })}.${part(claims)}.${SIGNATURE}`;
}

/** Reads the bearer token of a request; `undefined` when there is none or it is not one of ours. */
export function readToken(authorization: string | null): Caller | undefined {
  const [, payload, signature] = /^Bearer [\w-]+\.([\w-]+)\.([\w-]+)$/i.exec(authorization ?? '') ?? [];
  if (payload === undefined || signature !== SIGNATURE) return undefined;
  try {
    const claims: Record<string, unknown> = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return {
      audience: String(claims.aud),
      objectId: String(claims.oid),
      clientId: String(claims.appid),
      tenantId: String(claims.tid),
    };
  } catch {
    return undefined;
  }
}

/** `https://management.azure.com//.default` and `https://management.azure.com/` are the same audience. */
export function audienceOf(scopeOrResource: string): string {
  return scopeOrResource.replace(/\/\.default$/, '').replace(/\/$/, '');
}

/** @azure/identity 4.14.1 `util/processMultiTenantRequest`: a credential of one tenant has no token for another. */
class CredentialUnavailableError extends Error {
  override name = 'CredentialUnavailableError';
}

/**
 * A credential for the in-process entrance. Its tokens expire an hour from the process clock, since that clock,
 * not the simulated one, is what the SDK's token cache looks at.
 */
export function simulatedCredential(tenantId: string): TokenCredential {
  return {
    async getToken(scopes, options): Promise<AccessToken> {
      const scope = typeof scopes === 'string' ? scopes : scopes[0];
      if (scope === undefined) throw new Error('getToken was asked for no scope');
      const asked = options?.tenantId ?? tenantId;
      if (asked.toLowerCase() !== tenantId.toLowerCase()) {
        const message = `The current credential is not configured to acquire tokens for tenant ${asked}.`;
        throw new CredentialUnavailableError(message);
      }
      const token = issueToken({ ...SIMULATED_CALLER, tenantId, audience: audienceOf(scope) });
      return { token, expiresOnTimestamp: Date.now() + HOUR_MS };
    },
  };
}
