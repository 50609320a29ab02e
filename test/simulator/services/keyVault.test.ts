import { SecretClient } from '@azure/keyvault-secrets';
import { describe, expect, test } from 'vitest';
import { SIMULATED_CALLER, SIMULATED_VAULT } from '../../../simulator/index.ts';
import { ask, failure, fieldOf, SUB, simulatorOf, TENANT } from '../ask.ts';

const VAULT = 'https://kv1.vault.azure.net';
const AUDIENCE = 'https://vault.azure.net/.default';
const VAULT_ID = `/subscriptions/${SUB}/resourceGroups/rg-kv/providers/Microsoft.KeyVault/vaults/kv1`;

const secret = (name: string, fields: object = {}) => ({
  id: `${VAULT}/secrets/${name}`,
  attributes: { enabled: true, created: 1_741_668_435, updated: 1_741_668_435, recoverableDays: 90 },
  ...fields,
});

const list = (simulator: ReturnType<typeof simulatorOf>, query = '', audience = AUDIENCE) =>
  ask(simulator, `${VAULT}/secrets?api%2Dversion=2026-04-01${query}`, { audience });

describe('the challenge', () => {
  test('a request without a token learns tenant and audience', async () => {
    const answer = await ask(simulatorOf({ vaults: { [VAULT]: [] } }), `${VAULT}/secrets?api-version=7.4`, {
      authorization: '',
    });
    expect([answer.status, answer.body, answer.headers.get('www-authenticate')]).toEqual([
      401,
      { error: { code: 'Unauthorized', message: 'AKV10000: Request is missing a Bearer or PoP token.' } },
      `Bearer authorization="https://login.microsoftonline.com/${TENANT}", resource="https://vault.azure.net"`,
    ]);
  });

  test('a vault of another tenant names that one, and takes no token of ours', async () => {
    const simulator = simulatorOf({ resources: [{ id: VAULT_ID, properties: { tenantId: 'other' } }] });
    const challenged = await ask(simulator, `${VAULT}/secrets?api-version=7.4`, { authorization: '' });
    expect(challenged.headers.get('www-authenticate')).toContain('https://login.microsoftonline.com/other"');
    expect(failure(await list(simulator))).toEqual([401, 'Unauthorized']);
  });

  test.each([
    ['https://kv1.vault.usgovcloudapi.net', 'https://login.microsoftonline.us', 'https://vault.usgovcloudapi.net'],
    ['https://kv1.vault.azure.cn', 'https://login.chinacloudapi.cn', 'https://vault.azure.cn'],
  ])('%s has its own cloud', async (vault, login, audience) => {
    const simulator = simulatorOf({ vaults: { [`${vault}/`]: [] } });
    const challenged = await ask(simulator, `${vault}/secrets?api-version=7.4`, { authorization: '' });
    expect(challenged.headers.get('www-authenticate')).toBe(
      `Bearer authorization="${login}/${TENANT}", resource="${audience}"`,
    );
    const listed = await ask(simulator, `${vault}/secrets?api-version=7.4`, { audience });
    expect([listed.status, listed.body]).toEqual([200, { value: [], nextLink: null }]);
  });

  test("another service's token is refused", async () => {
    const answer = await list(simulatorOf({ vaults: { [VAULT]: [] } }), '', 'https://management.azure.com/.default');
    expect(answer.body).toEqual({
      error: {
        code: 'Unauthorized',
        message: 'AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://management.azure.com.',
      },
    });
  });
});

describe('the list', () => {
  test('shows metadata and never a value; what is not set is absent', async () => {
    const simulator = simulatorOf({
      vaults: {
        [VAULT]: [secret('plain', { value: 'PLANTED' }), secret('tagged', { contentType: 'x', tags: { a: 'b' } })],
      },
    });
    const { body } = await list(simulator);
    expect(body).toEqual({
      value: [secret('plain'), secret('tagged', { contentType: 'x', tags: { a: 'b' } })],
      nextLink: null,
    });
  });

  test('comes 25 at a time, and the next page names the port', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `s${index}`);
    const simulator = simulatorOf({ vaults: { [VAULT]: names.map((name) => secret(name)) } });
    const first = await list(simulator);
    expect(first.body).toMatchObject({
      nextLink: 'https://kv1.vault.azure.net:443/secrets?api-version=2026-04-01&$skiptoken=MjU&maxresults=25',
    });
    const ids: unknown[] = [];
    const pages = [first];
    for (let link = linkOf(first.body); link !== undefined; link = linkOf(pages.at(-1)?.body))
      pages.push(await ask(simulator, link, { audience: AUDIENCE }));
    for (const page of pages) ids.push(...fieldOf(page, 'id'));
    expect([pages.length, ids]).toEqual([3, names.map((name) => `${VAULT}/secrets/${name}`)]);
  });

  test.each([['&maxresults=26'], ['&maxresults=0'], ['&maxresults=many'], ['&$skiptoken=zzzz']])(
    '%s is refused',
    async (query) => {
      expect(failure(await list(simulatorOf({ vaults: { [VAULT]: [] } }), query))).toEqual([400, 'BadParameter']);
    },
  );

  test('an unknown version is refused', async () => {
    const answer = await ask(simulatorOf({ vaults: { [VAULT]: [] } }), `${VAULT}/secrets?api-version=6.0`, {
      audience: AUDIENCE,
    });
    expect(failure(answer)).toEqual([400, 'BadParameter']);
  });

  test('a vault that only ARM knows is empty; one that nobody knows has no name', async () => {
    const simulator = simulatorOf({ resources: [{ id: VAULT_ID }] });
    expect((await list(simulator)).body).toEqual({ value: [], nextLink: null });
    await expect(ask(simulator, 'https://nobody.vault.azure.net/secrets?api-version=7.4')).rejects.toThrow(
      'getaddrinfo ENOTFOUND nobody.vault.azure.net',
    );
  });

  test('is 403 without the right, in the words of the service', async () => {
    const simulator = simulatorOf({
      vaults: { [VAULT]: [] },
      resources: [{ id: VAULT_ID, location: 'northeurope' }],
      denied: [{ action: 'vault:list', scope: VAULT }],
    });
    const { objectId, clientId } = SIMULATED_CALLER;
    const answer = await list(simulator);
    expect([answer.status, answer.body]).toEqual([
      403,
      {
        error: {
          code: 'Forbidden',
          message: [
            'Caller is not authorized to perform action on resource.',
            'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
            `Caller: appid=${clientId};oid=${objectId};iss=https://sts.windows.net/${TENANT}/`,
            "Action: 'Microsoft.KeyVault/vaults/secrets/readMetadata/action'",
            `Resource: '${VAULT_ID.toLowerCase()}'`,
            'Assignment: (not found)',
            'DenyAssignmentId: null',
            'DecisionReason: null ',
            'Vault: kv1;location=northeurope',
            '',
          ].join('\r\n'),
          innererror: { code: 'ForbiddenByRbac' },
        },
      },
    ]);
  });

  test('denied at one vault leaves the others alone', async () => {
    const simulator = simulatorOf({
      vaults: { [VAULT]: [], 'https://kv2.vault.azure.net': [] },
      denied: [{ action: 'vault:list', scope: 'https://kv2.vault.azure.net' }],
    });
    expect((await list(simulator)).status).toBe(200);
  });
});

test('reading a value is refused and is a defect of the caller', async () => {
  const simulator = simulatorOf({ vaults: { [VAULT]: [secret('plain', { value: 'PLANTED' })] } });
  const answer = await ask(simulator, `${VAULT}/secrets/plain/?api-version=7.4`, { audience: AUDIENCE });
  expect(failure(answer)).toEqual([403, 'Forbidden']);
  expect(JSON.stringify(answer.body)).not.toContain('PLANTED');
  expect(simulator.defects).toEqual([
    { service: 'keyVault', message: 'GET kv1.vault.azure.net/secrets/plain: an auditor reads metadata only' },
  ]);
});

test("the auditor's own vault gives the address of the Teams workflow", async () => {
  const simulator = simulatorOf({});
  const read = (name: string) =>
    ask(simulator, `${SIMULATED_VAULT.url}/secrets/${name}?api-version=7.4`, { audience: AUDIENCE });
  expect((await read('teams-url')).body).toMatchObject({
    value: expect.stringMatching(/^https:\/\/prod-77\.westeurope\.logic\.azure\.com:443\/workflows\//),
    attributes: { enabled: true },
  });
  expect(failure(await read('other'))).toEqual([404, 'SecretNotFound']);
  expect(simulator.defects).toEqual([]);
});

test('the real client lists every page through the challenge', async () => {
  const simulator = simulatorOf({ vaults: { [VAULT]: Array.from({ length: 30 }, (_, i) => secret(`s${i}`)) } });
  const client = new SecretClient(VAULT, simulator.credential, { httpClient: simulator.httpClient });
  const names: string[] = [];
  for await (const one of client.listPropertiesOfSecrets()) names.push(one.name);
  expect(names).toEqual(Array.from({ length: 30 }, (_, i) => `s${i}`));
  expect(simulator.requests.map((one) => one.status)).toEqual([401, 200, 200]);
});

function linkOf(body: unknown): string | undefined {
  const link = typeof body === 'object' && body !== null && 'nextLink' in body ? body.nextLink : undefined;
  return typeof link === 'string' ? link : undefined;
}
