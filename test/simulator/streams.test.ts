import { expect, test } from 'vitest';
import { readStreams } from '../../simulator/streams.ts';

const columns = [{ name: 'SweptAt', type: 'dateTime' }];
const rule = (properties: object) => ({ type: 'Microsoft.Insights/dataCollectionRules', properties });
const flow = { streams: ['Custom-A'], destinations: ['la'], transformKql: 'source', outputStream: 'Custom-Table_CL' };

function summary(template: unknown): [string, string, string[]][] {
  return [...readStreams(template).values()].map(({ name, table, columns: known }) => [
    name,
    table,
    [...known.values()].map((one) => `${one.name}:${one.type}`),
  ]);
}

test.each<[string, unknown]>([
  [
    'a list of resources',
    { resources: [rule({ streamDeclarations: { 'Custom-A': { columns } }, dataFlows: [flow] })] },
  ],
  [
    'symbolic names',
    { resources: { dcr: rule({ streamDeclarations: { 'Custom-A': { columns } }, dataFlows: [flow] }) } },
  ],
  [
    'loaded JSON in variables of a nested deployment',
    {
      resources: {
        ingestion: {
          type: 'Microsoft.Resources/deployments',
          properties: {
            template: {
              variables: { '$fxv#0': { 'Custom-A': { columns } }, '$fxv#1': [flow] },
              resources: [rule({ streamDeclarations: "[variables('$fxv#0')]", dataFlows: "[variables('$fxv#1')]" })],
            },
          },
        },
        reference: { existing: true, type: 'Microsoft.Insights/dataCollectionRules', name: 'x' },
      },
    },
  ],
])('streams from %s', (_name, template) => {
  expect(summary(template)).toEqual([['Custom-A', 'Table_CL', ['SweptAt:datetime']]]);
});

test("without a literal declaration, the tables' own files say it", () => {
  const template = {
    resources: [
      rule({ streamDeclarations: "[reduce(variables('tables'), createObject(), 0)]", dataFlows: '[map(x)]' }),
    ],
  };
  const findings = readStreams(template).get('Custom-AcrWardenFindings_CL');
  expect([findings?.table, findings?.columns.get('SeverityRank')?.type]).toEqual(['AcrWardenFindings_CL', 'int']);
});

test('a transformation that is not source is refused', () => {
  const changed = { ...flow, transformKql: 'source | extend A = 1' };
  const template = { resources: [rule({ streamDeclarations: { 'Custom-A': { columns } }, dataFlows: [changed] })] };
  expect(() => readStreams(template)).toThrow("stream Custom-A: transformKql is 'source | extend A = 1'");
});
