/**
 * The managed identity endpoint as App Service and Functions have it.
 * Sources: npm @azure/identity 4.14.1 `dist/esm/credentials/managedIdentityCredential`, npm @azure/msal-node
 * `client/ManagedIdentitySources/AppService` (query names, X-IDENTITY-HEADER), and Microsoft's page "How to use managed
 * identities for App Service and Azure Functions", REST endpoint reference (200 body, expires_on in text).
 */
import { audienceOf, issueToken, SIMULATED_CALLER } from '../token.ts';
import { json, queryValue, type Service } from './service.ts';

const LIFETIME_S = 86_400;

export const identity: Service = {
  name: 'identity',
  serves: (_host, path) => path === '/msi/token',
  answer({ request, url, method }, world) {
    const refuse = (message: string): Response =>
      json(400, { statusCode: 400, message, correlationId: crypto.randomUUID() });
    if (method !== 'GET') return refuse(`the endpoint takes GET, not ${method}`);
    if (request.headers.get('x-identity-header') === null)
      return json(401, { statusCode: 401, message: 'No X-IDENTITY-HEADER was sent.' });
    if (queryValue(url, 'api-version') !== '2019-08-01') return refuse('api-version must be 2019-08-01');
    const resource = queryValue(url, 'resource');
    if (resource === undefined || resource === '') return refuse('resource is required');
    const clientId = queryValue(url, 'client_id') ?? SIMULATED_CALLER.clientId;
    const principal = world.estate.graph.servicePrincipals.find((one) => one.appId === clientId);
    const caller = {
      objectId: principal?.id ?? SIMULATED_CALLER.objectId,
      clientId,
      tenantId: world.estate.tenantId,
      audience: audienceOf(resource),
    };
    // The token cache of the caller lives by the machine's clock, not by the simulated one.
    const expiresOn = String(Math.floor(Date.now() / 1000) + LIFETIME_S);
    return json(200, {
      access_token: issueToken(caller),
      expires_on: expiresOn,
      resource,
      token_type: 'Bearer',
      client_id: clientId,
    });
  },
};
