import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { SIMULATED_DCR, type Simulator, type SimulatorOptions } from '../../../simulator/index.ts';
import { type Answered, ask, failure, simulatorOf } from '../ask.ts';

const columns = [
  ['TimeGenerated', 'datetime'],
  ['Name', 'string'],
  ['Count', 'int'],
  ['Bytes', 'long'],
  ['Share', 'real'],
  ['Open', 'boolean'],
  ['At', 'datetime'],
  ['Facts', 'dynamic'],
].map(([name, type]) => ({ name, type }));

/** A compiled template of one rule in a nested deployment, as Bicep makes them. */
const template = {
  resources: {
    ingestion: {
      type: 'Microsoft.Resources/deployments',
      properties: {
        template: {
          resources: [
            {
              type: 'Microsoft.Insights/dataCollectionRules',
              properties: {
                streamDeclarations: { 'Custom-Test_CL': { columns } },
                dataFlows: [
                  {
                    streams: ['Custom-Test_CL'],
                    destinations: ['la'],
                    transformKql: 'source',
                    outputStream: 'Custom-Test_CL',
                  },
                ],
              },
            },
          ],
        },
      },
    },
  },
};

function simulator(options: Partial<SimulatorOptions> = {}, denied: { action: string }[] = []): Simulator {
  return simulatorOf({ denied }, { template, ...options });
}

interface Upload {
  path?: string;
  headers?: Record<string, string>;
  audience?: string;
  host?: string;
}

function upload(
  to: Simulator,
  body: unknown,
  { path, headers = {}, audience = 'https://monitor.azure.com/.default', host }: Upload = {},
): Promise<Answered> {
  const where = path ?? `/dataCollectionRules/${SIMULATED_DCR.ruleId}/streams/Custom-Test_CL?api%2Dversion=2023-01-01`;
  return ask(to, `${host ?? SIMULATED_DCR.endpoint}${where}`, {
    method: 'POST',
    audience,
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

describe('rows arrive', () => {
  const row = {
    TimeGenerated: '2026-11-24T05:59:00Z',
    Name: 'a',
    Count: 1,
    Bytes: 5e12,
    Share: 0.5,
    Open: true,
    At: '2026-01-01T00:00:00.1234567Z',
    Facts: { a: [1] },
  };

  test('gzipped or not, as they were sent; 204 without a body', async () => {
    const to = simulator();
    const zipped = gzipSync(JSON.stringify([row]));
    const answers = [
      await upload(to, [row, { ...row, Name: null }]),
      await upload(to, zipped, { headers: { 'content-encoding': 'gzip' } }),
    ];
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [204, undefined],
      [204, undefined],
    ]);
    expect(to.workspace.tables).toEqual({ Test_CL: [row, { ...row, Name: null }, row] });
    expect(to.defects).toEqual([]);
    const [first = {}] = to.workspace.tables.Test_CL ?? [];
    expect(to.workspace.receivedAt.get(first)).toEqual(new Date('2026-11-24T06:00:00Z'));
  });

  test.each([
    ['two days old', '2026-11-22T06:00:00Z', '2026-11-22T06:00:00Z'],
    ['older', '2026-11-22T05:59:59Z', '2026-11-24T06:00:00.000Z'],
    ['a day ahead', '2026-11-25T06:00:00Z', '2026-11-25T06:00:00Z'],
    ['further ahead', '2026-11-25T06:00:01Z', '2026-11-24T06:00:00.000Z'],
    ['missing', undefined, '2026-11-24T06:00:00.000Z'],
  ])('TimeGenerated %s', async (_name, TimeGenerated, expected) => {
    const to = simulator();
    await upload(to, [{ TimeGenerated, Name: 'a' }]);
    expect(to.workspace.tables).toEqual({ Test_CL: [{ TimeGenerated: expected, Name: 'a' }] });
  });

  test.each<[string, unknown, unknown, string | undefined]>([
    ['Name', 5, null, "column 'Name' is string, and 5 is not; Azure stores null"],
    ['Count', 1.5, null, "column 'Count' is int, and 1.5 is not; Azure stores null"],
    ['Count', 3e9, null, "column 'Count' is int, and 3000000000 is not; Azure stores null"],
    ['Bytes', '5', null, 'column \'Bytes\' is long, and "5" is not; Azure stores null'],
    ['Open', 'true', null, 'column \'Open\' is boolean, and "true" is not; Azure stores null'],
    ['At', 'soon', null, 'column \'At\' is datetime, and "soon" is not; Azure stores null'],
    ['Facts', 'text is fine', 'text is fine', undefined],
    ['Name', 'x'.repeat(65_537), 'x'.repeat(65_536), "column 'Name' has 65537 bytes; Azure cuts it at 65536"],
  ])('%s takes its own type (%#)', async (column, value, stored, defect) => {
    const to = simulator();
    const answer = await upload(to, [{ TimeGenerated: row.TimeGenerated, [column]: value }]);
    expect(answer.status).toBe(204);
    expect(to.workspace.tables).toEqual({ Test_CL: [{ TimeGenerated: row.TimeGenerated, [column]: stored }] });
    expect(to.defects).toEqual(
      defect === undefined ? [] : [{ service: 'ingestion', message: `Custom-Test_CL: ${defect}` }],
    );
  });

  test('an undeclared column is dropped, and recorded', async () => {
    const to = simulator();
    await upload(to, [{ ...row, Nope: 1 }]);
    expect(to.workspace.tables).toEqual({ Test_CL: [row] });
    expect(to.defects).toEqual([
      { service: 'ingestion', message: "Custom-Test_CL: column 'Nope' is not declared; Azure drops it" },
    ]);
  });
});

describe('refused', () => {
  const STREAM = 'streams/Custom-Test_CL?api-version=2023-01-01';

  test.each<[string, unknown, Upload, [number, string]]>([
    ['an object instead of an array', {}, {}, [400, 'MalformedJson']],
    ['rows that are no objects', [1], {}, [400, 'MalformedJson']],
    ['gzip that is none', [], { headers: { 'content-encoding': 'gzip' } }, [400, 'InvalidContentEncoding']],
    ['another rule', [], { path: `/dataCollectionRules/dcr-1/${STREAM}` }, [404, 'NotFound']],
    [
      'another stream',
      [],
      { path: `/dataCollectionRules/${SIMULATED_DCR.ruleId}/streams/Custom-Nope_CL?api-version=2023-01-01` },
      [404, 'InvalidStream'],
    ],
    [
      'no api-version',
      [],
      { path: `/dataCollectionRules/${SIMULATED_DCR.ruleId}/streams/Custom-Test_CL` },
      [400, 'UnsupportedApiVersion'],
    ],
    ["ARM's audience", [], { audience: 'https://management.azure.com/.default' }, [401, 'InvalidAudience']],
    ["another cloud's audience", [], { host: 'https://x.ingest.monitor.azure.us' }, [401, 'InvalidAudience']],
  ])('%s', async (_name, body, options, expected) => {
    const to = simulator();
    expect(failure(await upload(to, body, options))).toEqual(expected);
    expect(to.workspace.tables).toEqual({});
  });

  test('more than 1,048,576 bytes, before compression', async () => {
    const exactly = (bytes: number) => `[{"Name":"${'x'.repeat(bytes - 13)}"}]`;
    const to = simulator();
    const zipped = (bytes: number) => upload(to, gzipSync(exactly(bytes)), { headers: { 'content-encoding': 'gzip' } });
    expect((await zipped(1_048_576)).status).toBe(204);
    expect((await zipped(1_048_577)).body).toEqual({
      error: {
        code: 'ContentLengthLimitExceeded',
        message: 'Maximum allowed content length: 1048576 bytes (1 MB). Provided content length: 1048577 bytes.',
      },
    });
  });

  test('without the right to write', async () => {
    expect(failure(await upload(simulator({}, [{ action: 'ingestion:write' }]), []))).toEqual([403, 'OperationFailed']);
  });

  test('after 12,000 calls in a minute', async () => {
    const to = simulator();
    let answer = await upload(to, []);
    for (let call = 1; call <= 12_000 && answer.status === 204; call += 1) answer = await upload(to, []);
    expect(failure(answer)).toEqual([429, 'TooManyRequests']);
    expect(to.requests).toHaveLength(12_001);
  });
});
