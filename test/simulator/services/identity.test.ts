import { expect, test } from 'vitest';
import { SIMULATED_CALLER } from '../../../simulator/index.ts';
import { ask, failure, SUB, simulatorOf, TENANT } from '../ask.ts';

const ENDPOINT = 'http://127.0.0.1:4000/msi/token';

function tokenRequest(query: string, headers: Record<string, string> = { 'x-identity-header': 'anything' }) {
  const simulator = simulatorOf({ graph: { servicePrincipals: [{ id: 'sp-object', appId: 'sp-app' }] } });
  return { simulator, answer: ask(simulator, `${ENDPOINT}?${query}`, { authorization: '', headers }) };
}

function accessToken(body: unknown): string {
  return typeof body === 'object' && body !== null && 'access_token' in body ? String(body.access_token) : '';
}

test('a token in the App Service shape, good for the resource asked', async () => {
  const { simulator, answer } = tokenRequest('api-version=2019-08-01&resource=https%3A%2F%2Fmanagement.azure.com');
  const { status, body } = await answer;
  expect([status, body]).toEqual([
    200,
    {
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.PLANTED-simulated$/),
      expires_on: expect.stringMatching(/^\d{10}$/),
      resource: 'https://management.azure.com',
      token_type: 'Bearer',
      client_id: SIMULATED_CALLER.clientId,
    },
  ]);
  const authorization = `Bearer ${accessToken(body)}`;
  const listed = await ask(simulator, 'https://management.azure.com/subscriptions?api-version=2022-12-01', {
    authorization,
  });
  expect(listed.status).toBe(200);
  const elsewhere = await ask(simulator, 'https://graph.microsoft.com/v1.0/applications', { authorization });
  expect(failure(elsewhere)).toEqual([401, 'InvalidAuthenticationToken']);
});

test('a user-assigned identity is named by its client id', async () => {
  const { answer } = tokenRequest('api-version=2019-08-01&resource=https://graph.microsoft.com/&client_id=sp-app');
  const { body } = await answer;
  const claims = JSON.parse(Buffer.from(accessToken(body).split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toEqual({ aud: 'https://graph.microsoft.com', oid: 'sp-object', appid: 'sp-app', tid: TENANT });
});

test.each([
  ['no identity header', 'api-version=2019-08-01&resource=x', {}, 401],
  ['another api-version', 'api-version=2017-09-01&resource=x', { 'x-identity-header': 'h' }, 400],
  ['no resource', 'api-version=2019-08-01', { 'x-identity-header': 'h' }, 400],
])('%s is refused', async (_name, query, headers: Record<string, string>, status) => {
  expect((await tokenRequest(query, headers).answer).status).toBe(status);
});

test.each([
  ['no token', '', [401, 'AuthenticationFailed']],
  ['a token from nowhere', 'Bearer abc', [401, 'InvalidAuthenticationToken']],
])('ARM refuses %s', async (_name, authorization, expected) => {
  const answer = await ask(
    simulatorOf({}),
    `https://management.azure.com/subscriptions/${SUB}?api-version=2022-12-01`,
    { authorization },
  );
  expect(failure(answer)).toEqual(expected);
  expect(answer.headers.get('www-authenticate')).toContain(`authorization_uri="https://login.windows.net/${TENANT}"`);
});

test("ARM takes its own cloud's audience only, with or without a slash, of the old name too", async () => {
  const statuses = await Promise.all(
    [
      'https://management.core.windows.net//.default',
      'https://management.azure.com/.default',
      'https://management.usgovcloudapi.net/.default',
      'https://vault.azure.net/.default',
    ].map(
      async (audience) =>
        (await ask(simulatorOf({}), 'https://management.azure.com/subscriptions?api-version=2022-12-01', { audience }))
          .status,
    ),
  );
  expect(statuses).toEqual([200, 200, 401, 401]);
});

test("a token of another tenant is refused where a subscription's own is needed", async () => {
  const token = await simulatorOf({ tenantId: '22222222-0000-0000-0000-000000000000' }).credential.getToken(
    'https://management.azure.com/.default',
  );
  const authorization = `Bearer ${token?.token}`;
  const url = `https://management.azure.com/subscriptions/${SUB}?api-version=2022-12-01`;
  expect(failure(await ask(simulatorOf({}), url, { authorization }))).toEqual([
    401,
    'InvalidAuthenticationTokenTenant',
  ]);
});
