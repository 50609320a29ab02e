import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { describe, expect, test } from 'vitest';
import { ask, failure, SUB, simulatorOf, TENANT } from '../ask.ts';
import { query, registry, rows, URL } from './resourceGraph/queries.ts';

describe('the answer', () => {
  const simulator = () => simulatorOf({ resources: [registry('shop')] });

  test('a whole row: types, groups and locations in lower case, the id as it is', async () => {
    expect(await rows(simulator(), 'Resources')).toEqual([
      {
        id: registry('shop').id,
        name: 'shop',
        type: 'microsoft.containerregistry/registries',
        tenantId: TENANT,
        kind: '',
        location: 'westeurope',
        resourceGroup: 'rg-shop',
        subscriptionId: SUB,
        managedBy: '',
        sku: { name: 'Premium' },
        plan: null,
        properties: { publicNetworkAccess: 'Enabled', loginServer: 'shop.azurecr.io' },
        tags: { env: 'prod' },
        identity: null,
        zones: null,
        extendedLocation: null,
      },
    ]);
  });

  test('objects by default, with the counts around them', async () => {
    const text = 'resources | project id, name, access = properties.publicNetworkAccess, n = 1, yes = true';
    expect((await query(simulator(), text)).body).toEqual({
      totalRecords: 1,
      count: 1,
      data: [{ id: registry('shop').id, name: 'shop', access: 'Enabled', n: 1, yes: true }],
      facets: [],
      resultTruncated: 'false',
    });
  });

  test('a dynamic value comes as the JSON it is', async () => {
    const bag = { n: 0, yes: true, no: null, text: '1', list: [1, 'a'] };
    const simulator = simulatorOf({ resources: [{ ...registry('shop'), properties: bag }] });
    const text =
      'resources | project n = properties.n, yes = properties.yes, no = properties.no, text = properties.text, list = properties.list, absent = properties.absent';
    expect(await rows(simulator, text)).toEqual([{ ...bag, absent: null }]);
  });

  test('a table when asked', async () => {
    const text = 'resources | project name, n = 1, tags';
    expect((await query(simulator(), text, { options: { resultFormat: 'table' } })).body).toMatchObject({
      data: {
        columns: [
          { name: 'name', type: 'string' },
          { name: 'n', type: 'integer' },
          { name: 'tags', type: 'object' },
        ],
        rows: [['shop', 1, { env: 'prod' }]],
      },
    });
  });

  test('a query without a table asks about Resources; tables know no letter case', async () => {
    expect(await rows(simulator(), "where name == 'shop' | project name")).toEqual([{ name: 'shop' }]);
    expect(await rows(simulator(), 'RESOURCES | summarize count() by type')).toEqual([
      { type: 'microsoft.containerregistry/registries', count_: 1 },
    ]);
  });
});

describe('refusals', () => {
  test.each([
    ['no token', { authorization: '' }, [401, 'AuthenticationFailed']],
    [
      "another service's token",
      { audience: 'https://graph.microsoft.com/.default' },
      [401, 'InvalidAuthenticationToken'],
    ],
  ])('%s', async (_name, options, expected) => {
    expect(failure(await query(simulatorOf({}), 'resources', {}, options))).toEqual(expected);
  });

  test('a query that cannot be parsed, or names what is not there: where it stands in the details', async () => {
    const { status, body } = await query(simulatorOf({}), 'resources\n| where nope == 1');
    expect([status, body]).toEqual([
      400,
      {
        error: {
          code: 'BadRequest',
          message: expect.stringMatching(
            /^Please provide below info when asking for support: timestamp = 2026-11-24T06:00:00.0000000Z, correlationId = [0-9a-f-]{36}\.$/,
          ),
          details: [
            { code: 'InvalidQuery', message: expect.stringContaining('Query is invalid.') },
            {
              code: 'ParserFailure',
              message: expect.stringContaining('nope'),
              line: 2,
              characterPositionInLine: 9,
              token: 'nope',
            },
          ],
        },
      },
    ]);
  });

  test.each([
    ['not JSON', '{'],
    ['no query', '{}'],
  ])('%s', async (_name, text) => {
    const answer = await ask(simulatorOf({}), URL, { method: 'POST', body: new TextEncoder().encode(text) });
    expect(failure(answer)).toEqual([400, 'BadRequest']);
  });

  test('an unknown version', async () => {
    const answer = await ask(simulatorOf({}), URL.replace('2024-04-01', '2024-04-02'), {
      method: 'POST',
      body: { query: 'resources' },
    });
    expect(failure(answer)).toEqual([400, 'InvalidResourceType']);
  });
});

test('the real client follows the token', async () => {
  const simulator = simulatorOf({ resources: ['a', 'b', 'c'].map((name) => registry(name)) });
  const client = new ResourceGraphClient(simulator.credential, { httpClient: simulator.httpClient });
  const names: string[] = [];
  let skipToken: string | undefined;
  do {
    const page = await client.resources({
      query: 'resources | project id, name | order by name asc',
      options: { top: 2, ...(skipToken === undefined ? {} : { skipToken }) },
    });
    names.push(...page.data.map((one: { name: string }) => one.name));
    skipToken = page.skipToken;
  } while (skipToken !== undefined);
  expect([names, simulator.requests.map((one) => one.service)]).toEqual([
    ['a', 'b', 'c'],
    ['resourceGraph', 'resourceGraph'],
  ]);
});
