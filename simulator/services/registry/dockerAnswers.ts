/** What a request needs: `repository`, its name, `pull`. */
export interface Needed {
  type: string;
  name: string;
  action: string;
}

const UNAUTHORIZED = 'authentication required, visit https://aka.ms/acr/authorization for more information.';

/** The distribution specification's error body; the service ends it with a line feed. */
export function dockerError(
  status: number,
  code: string,
  message: string,
  detail?: unknown,
  headers: Record<string, string> = {},
): Response {
  const error = detail === undefined ? { code, message } : { code, message, detail };
  return new Response(`${JSON.stringify({ errors: [error] })}\n`, {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'docker-distribution-api-version': 'registry/2.0',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  });
}

/** The 401 that says where to get which token. */
export function challenge(host: string, needed: Needed | undefined, error?: string): Response {
  const parts = [`realm="https://${host}/oauth2/token"`, `service="${host}"`];
  if (needed !== undefined) parts.push(`scope="${needed.type}:${needed.name}:${needed.action}"`);
  if (error !== undefined) parts.push(`error="${error}"`);
  const detail = needed === undefined ? null : [{ Type: needed.type, Name: needed.name, Action: needed.action }];
  return dockerError(401, 'UNAUTHORIZED', UNAUTHORIZED, detail, {
    'www-authenticate': `Bearer ${parts.join(',')}`,
    'access-control-expose-headers': 'Docker-Content-Digest, WWW-Authenticate, Link, X-Ms-Correlation-Request-Id',
  });
}

/** The 401 of the token endpoints: no challenge, since there is nowhere else to go. */
export function unauthorized(): Response {
  return dockerError(401, 'UNAUTHORIZED', UNAUTHORIZED, null);
}

export function denied(message: string): Response {
  return dockerError(403, 'DENIED', message);
}

export function notFound(message: string): Response {
  return new Response(`${message}\n`, { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}
