import type { Needed } from './dockerAnswers.ts';

/** A refresh token opens nothing by itself; an access token carries what it opens. */
interface RegistryToken {
  kind: 'refresh_token' | 'access_token';
  /** The registry's host. */
  aud: string;
  sub: string;
  /** `repository:app:pull`, `registry:catalog:*` */
  grants: string[];
  /** Unix seconds of the simulated clock. */
  exp: number;
}

const LIFETIME_S = { refresh_token: 3 * 3600, access_token: 75 * 60 };

export function issueRegistryToken(token: Omit<RegistryToken, 'exp'>, now: Date): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(now.getTime() / 1000) + LIFETIME_S[token.kind];
  return `${part({ typ: 'JWT', alg: 'none' })}.${part({ ...token, exp })}.simulated`;
}

/** A token of this registry that has not expired; `undefined` for anything else. */
export function readRegistryToken(
  text: string,
  kind: RegistryToken['kind'],
  host: string,
  now: Date,
): RegistryToken | undefined {
  const payload = /^[\w-]+\.([\w-]+)\.simulated$/.exec(text)?.[1];
  if (payload === undefined) return undefined;
  try {
    const token: RegistryToken = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const isGood = token.kind === kind && token.aud === host && token.exp * 1000 > now.getTime();
    return isGood ? token : undefined;
  } catch {
    return undefined;
  }
}

/** What the bearer token of a request opens. */
export function readAccess(authorization: string, host: string, now: Date): string[] | undefined {
  const text = /^bearer (.+)$/i.exec(authorization)?.[1];
  return text === undefined ? undefined : readRegistryToken(text, 'access_token', host, now)?.grants;
}

/** `repository:*:pull` allows pulling every repository; whoever pulls may list tags. */
export function allows(grants: readonly string[], { type, name, action }: Needed): boolean {
  const actions = action === 'metadata_read' ? ['metadata_read', 'pull', '*'] : [action, '*'];
  return grants.some((grant) => {
    const [grantedType, ...rest] = grant.split(':');
    const grantedAction = rest.at(-1);
    const grantedName = rest.slice(0, -1).join(':');
    const isNamed = grantedName === '*' || grantedName.toLowerCase() === name.toLowerCase();
    return grantedType === type && isNamed && actions.some((one) => one === grantedAction);
  });
}
