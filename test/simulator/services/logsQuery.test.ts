import { LogsQueryClient } from '@azure/monitor-query-logs';
import { describe, expect, test } from 'vitest';
import { SIMULATED_DCR, SIMULATED_WORKSPACE } from '../../../simulator/index.ts';
import { ask, failure, simulatorOf } from '../ask.ts';

const COLUMNS = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Name', type: 'string' },
  { name: 'Count', type: 'int' },
  { name: 'Size', type: 'long' },
  { name: 'Share', type: 'real' },
  { name: 'Open', type: 'boolean' },
  { name: 'Facts', type: 'dynamic' },
];
const template = {
  resources: [
    {
      type: 'Microsoft.Insights/dataCollectionRules',
      properties: {
        streamDeclarations: { 'Custom-Things_CL': { columns: COLUMNS } },
        dataFlows: [{ streams: ['Custom-Things_CL'], outputStream: 'Custom-Things_CL', transformKql: 'source' }],
      },
    },
  ],
};
const URL = `https://api.loganalytics.io/v1/workspaces/${SIMULATED_WORKSPACE.id}/query`;

type Simulator = ReturnType<typeof simulatorOf>;
const simulatorWith = (...[estate = {}, options = {}]: Parameters<typeof simulatorOf> | []) =>
  simulatorOf(estate, { template, ...options });
const query = (simulator: Simulator, text: string, rest: object = {}) =>
  ask(simulator, URL, { method: 'POST', body: { query: text, ...rest } });

async function ingest(simulator: Simulator, rows: object[]): Promise<void> {
  const url = `${SIMULATED_DCR.endpoint}/dataCollectionRules/${SIMULATED_DCR.ruleId}/streams/Custom-Things_CL?api-version=2023-01-01`;
  const { status } = await ask(simulator, url, {
    method: 'POST',
    body: rows,
    audience: 'https://monitor.azure.com/.default',
  });
  expect(status).toBe(204);
}

describe('the answer', () => {
  test('one table: dynamic as text, datetimes with seven digits, numbers as numbers, null as null', async () => {
    const simulator = simulatorWith();
    await ingest(simulator, [
      {
        TimeGenerated: '2026-11-24T05:00:00.1234567Z',
        Name: 'a',
        Count: 3,
        Size: 9007199254740991,
        Share: 0.5,
        Open: true,
        Facts: { list: [1, 'x'] },
      },
      { TimeGenerated: '2026-11-24T04:00:00Z', Count: null },
    ]);
    const text =
      'Things_CL | project TimeGenerated, Name, Count, Size, Share, Open, Facts | order by TimeGenerated desc';
    expect((await query(simulator, text)).body).toEqual({
      tables: [
        {
          name: 'PrimaryResult',
          columns: COLUMNS.map(({ name, type }) => ({ name, type: type === 'boolean' ? 'bool' : type })),
          rows: [
            ['2026-11-24T05:00:00.1234567Z', 'a', 3, 9007199254740991, 0.5, true, '{"list":[1,"x"]}'],
            ['2026-11-24T04:00:00.0000000Z', '', null, null, null, null, null],
          ],
        },
      ],
    });
  });

  test('every table has the standard columns, and exists before its first row', async () => {
    const simulator = simulatorWith();
    expect((await query(simulator, 'Things_CL')).body).toMatchObject({ tables: [{ rows: [] }] });
    await ingest(simulator, [{ Name: 'a' }]);
    const text = 'Things_CL | project TimeGenerated, Type, TenantId';
    expect((await query(simulator, text)).body).toMatchObject({
      tables: [{ rows: [['2026-11-24T06:00:00.0000000Z', 'Things_CL', SIMULATED_WORKSPACE.id]] }],
    });
  });

  test('rows that come later are seen by the next query', async () => {
    const simulator = simulatorWith();
    for (const expected of [0, 1, 2]) {
      expect((await query(simulator, 'Things_CL | count')).body).toMatchObject({ tables: [{ rows: [[expected]] }] });
      await ingest(simulator, [{ Name: 'a' }]);
    }
  });

  test('now() is the simulated clock', async () => {
    const simulator = simulatorWith();
    expect((await query(simulator, 'print at = now()')).body).toMatchObject({
      tables: [{ rows: [['2026-11-24T06:00:00.0000000Z']] }],
    });
  });
});

describe("the estate's logs", () => {
  const login = (TimeGenerated: string, ResultDescription: string) => ({
    TimeGenerated,
    LoginServer: 'shop.azurecr.io',
    ResultDescription,
    _ResourceId: '/subscriptions/x',
  });
  const logs = {
    ContainerRegistryLoginEvents: [login('2026-11-24T05:00:00Z', '401'), login('2026-11-24T07:00:00Z', '200')],
    Captured_CL: [{ TimeGenerated: '2026-11-24T05:00:00Z', n: 1, bag: { a: 1 } }],
  };

  test('are there as their time comes', async () => {
    const simulator = simulatorWith({ logs });
    const text =
      'ContainerRegistryLoginEvents | project ResultDescription, JwtId, _ResourceId | order by ResultDescription asc';
    expect((await query(simulator, text)).body).toMatchObject({
      tables: [{ rows: [['401', '', '/subscriptions/x']] }],
    });
    simulator.advanceTo('2026-11-24T07:00:00Z');
    expect((await query(simulator, text)).body).toMatchObject({
      tables: [
        {
          rows: [
            ['200', '', '/subscriptions/x'],
            ['401', '', '/subscriptions/x'],
          ],
        },
      ],
    });
  });

  test('a table that nobody describes keeps its columns as time passes', async () => {
    const rows = [
      { TimeGenerated: '2026-11-24T05:00:00Z', a: 'x' },
      { TimeGenerated: '2026-11-24T07:00:00Z', a: 'y', b: 2 },
    ];
    const simulator = simulatorWith({ logs: { Captured_CL: rows } });
    const text = 'Captured_CL | project a, b, Type | order by a asc';
    expect((await query(simulator, text)).body).toMatchObject({ tables: [{ rows: [['x', null, 'Captured_CL']] }] });
    simulator.advanceTo('2026-11-24T08:00:00Z');
    expect((await query(simulator, text)).body).toMatchObject({
      tables: [
        {
          rows: [
            ['x', null, 'Captured_CL'],
            ['y', 2, 'Captured_CL'],
          ],
        },
      ],
    });
  });

  test('a table that nobody describes has the columns of its rows', async () => {
    expect((await query(simulatorWith({ logs }), 'Captured_CL | project n, bag.a')).body).toMatchObject({
      tables: [
        {
          columns: [
            { name: 'n', type: 'long' },
            { name: 'bag_a', type: 'dynamic' },
          ],
          rows: [[1, '1']],
        },
      ],
    });
  });
});

describe('the timespan', () => {
  async function seen(timespan: string): Promise<unknown> {
    const simulator = simulatorWith();
    await ingest(simulator, [
      { TimeGenerated: '2026-11-22T06:00:00Z', Name: 'two days' },
      { TimeGenerated: '2026-11-24T05:00:00Z', Name: 'an hour' },
    ]);
    const { body } = await query(simulator, 'Things_CL | project Name | order by Name asc', { timespan });
    return (body as { tables: { rows: string[][] }[] }).tables[0]?.rows.flat();
  }

  test.each([
    ['P2D', ['an hour', 'two days']],
    ['P1DT23H59M59.9S', ['an hour']],
    ['PT1H', ['an hour']],
    ['PT59M', []],
    ['P1W', ['an hour', 'two days']],
    ['2026-11-22T00:00:00Z/2026-11-23T00:00:00Z', ['two days']],
    ['2026-11-22T00:00:00Z/P1D', ['two days']],
    ['PT2H/2026-11-24T06:00:00Z', ['an hour']],
  ])('%s', async (timespan, expected) => {
    expect(await seen(timespan)).toEqual(expected);
  });

  test.each([['yesterday'], ['P'], ['PT'], ['P1M'], ['2026-11-23T00:00:00Z/2026-11-22T00:00:00Z'], ['a/b/c']])(
    '%s is refused',
    async (timespan) => {
      const answer = await query(simulatorWith(), 'Things_CL', { timespan });
      expect(failure(answer)).toEqual([400, 'BadArgumentError']);
    },
  );
});

describe('errors', () => {
  const refused = (innererror: object) => [
    400,
    {
      error: {
        message: 'The request had some invalid properties',
        code: 'BadArgumentError',
        correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        innererror,
      },
    },
  ];

  test('a query that cannot be parsed: token, line from 1 and place from 0', async () => {
    const { status, body } = await query(simulatorWith(), 'Things_CL\n| whre Count > 1');
    expect([status, body]).toEqual(
      refused({
        code: 'SyntaxError',
        message: 'A recognition error occurred in the query.',
        innererror: {
          code: 'SYN0002',
          message: "Query could not be parsed at 'whre' on line [2,2]",
          line: 2,
          pos: 2,
          token: 'whre',
        },
      }),
    );
  });

  test.each([
    ['a column', 'Things_CL | where Nope == 1', 'Nope'],
    ['a table', 'Nothing_CL | count', 'Nothing_CL'],
  ])('%s that is not there', async (_name, text, named) => {
    const { status, body } = await query(simulatorWith(), text);
    expect([status, body]).toEqual(
      refused({
        code: 'SemanticError',
        message: 'A semantic error occurred.',
        innererror: { code: 'SEM0100', message: expect.stringContaining(`'${named}'`) },
      }),
    );
  });

  test('what the interpreter does not know is refused by name, and said to whoever runs the simulator', async () => {
    const simulator = simulatorWith();
    const { status } = await query(simulator, 'Things_CL | evaluate autocluster()');
    expect([status, simulator.defects]).toEqual([
      400,
      [{ service: 'logsQuery', message: expect.stringContaining('autocluster') }],
    ]);
  });

  test.each([
    ['no token', URL, { authorization: '' }, [401, 'AuthorizationRequiredError']],
    ['another audience', URL, { audience: 'https://management.azure.com/.default' }, [403, 'InvalidTokenError']],
    [
      'another workspace',
      URL.replace(SIMULATED_WORKSPACE.id, 'bbbbbbbb-0000-0000-0000-000000000002'),
      {},
      [404, 'WorkspaceNotFoundError'],
    ],
    ['another path', URL.replace('/query', '/metadata'), {}, [404, 'PathNotFoundError']],
    ['no query', URL, { body: { timespan: 'PT1H' } }, [400, 'BadArgumentError']],
    [
      'another workspace besides',
      URL,
      { body: { query: 'Things_CL', workspaces: ['law-other'] } },
      [400, 'BadArgumentError'],
    ],
  ])('%s', async (_name, url, options, expected) => {
    const answer = await ask(simulatorWith(), url, { method: 'POST', body: { query: 'Things_CL' }, ...options });
    expect(failure(answer)).toEqual(expected);
  });

  test('403 without the right to query', async () => {
    const simulator = simulatorWith({ denied: [{ action: 'Microsoft.OperationalInsights/workspaces/query/read' }] });
    expect(failure(await query(simulator, 'Things_CL'))).toEqual([403, 'InsufficientAccessError']);
  });
});

test.each([
  ['https://api.loganalytics.azure.com', 'https://api.loganalytics.io/.default'],
  ['https://api.loganalytics.azure.com', 'https://api.loganalytics.azure.com/.default'],
  ['https://api.loganalytics.us', 'https://api.loganalytics.us/.default'],
  ['https://api.loganalytics.azure.cn', 'https://api.loganalytics.azure.cn/.default'],
])('%s takes %s', async (host, audience) => {
  const url = URL.replace('https://api.loganalytics.io', host);
  const answer = await ask(simulatorWith(), url, { method: 'POST', body: { query: 'print 1' }, audience });
  expect(answer.status).toBe(200);
});

test('a GET with the query in the address, and the workspace by its resource id', async () => {
  const simulator = simulatorWith();
  expect((await ask(simulator, `${URL}?query=${encodeURIComponent('print x = 1')}`)).body).toMatchObject({
    tables: [{ rows: [[1]] }],
  });
  const url = `https://api.loganalytics.io/v1${SIMULATED_WORKSPACE.resourceId}/query`;
  expect((await ask(simulator, url, { method: 'POST', body: { query: 'print x = 2' } })).body).toMatchObject({
    tables: [{ rows: [[2]] }],
  });
});

test('two hundred queries at once, then 429 with a time to wait', async () => {
  const simulator = simulatorWith();
  for (let asked = 0; asked < 200; asked += 1)
    await ask(simulator, URL.replace('/query', '/metadata'), { method: 'POST' });
  const answer = await query(simulator, 'Things_CL');
  expect([failure(answer), answer.headers.get('retry-after')]).toEqual([[429, 'ThrottledError'], '1']);
});

test('the real client reads dates and dynamic values', async () => {
  const simulator = simulatorWith();
  await ingest(simulator, [{ TimeGenerated: '2026-11-24T05:00:00Z', Name: 'a', Facts: { x: 1 } }]);
  const client = new LogsQueryClient(simulator.credential, { httpClient: simulator.httpClient });
  const result = await client.queryWorkspace(SIMULATED_WORKSPACE.id, 'Things_CL | project TimeGenerated, Name, Facts', {
    duration: 'PT2H',
  });
  expect(result).toMatchObject({
    status: 'Success',
    tables: [{ rows: [[new Date('2026-11-24T05:00:00Z'), 'a', { x: 1 }]] }],
  });
});
