import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseExpression } from '../../../../simulator/services/alerts/armExpression.ts';
import { expandDeployment } from '../../../../simulator/services/alerts/armTemplate.ts';

const INFRA = join(import.meta.dirname, '..', '..', '..', '..', 'infra');
const TEMPLATE: unknown = JSON.parse(readFileSync(join(INFRA, 'main.json'), 'utf8'));
const DEPLOYMENT = {
  subscriptionId: '11111111-1111-1111-1111-111111111111',
  tenantId: '22222222-2222-2222-2222-222222222222',
};

interface Predicted {
  type: string;
  name: string;
  properties: Record<string, unknown>;
}

/** What differs for a reason: Azure alone makes unique names, and the outputs of deployments. */
function comparable(text: string): unknown {
  return JSON.parse(
    text
      .replace(/(log-acr-warden-\w+-)[a-z0-9]{13}/g, '$1<unique>')
      .replace(/"(\[reference\(|reference\()[^"]*outputs\.id\.value\]?"/g, '"<output>"'),
  );
}

test.each([
  {
    environmentName: 'dev',
    sweepIntervalHours: 6,
    alertEmails: ['dev-team@example.com'],
    alertSettings: { 'finding-medium': { enabled: false }, 'sweep-missing': { severity: 3 } },
  },
  { environmentName: 'prod', sweepIntervalHours: 1, alertEmails: ['platform-oncall@example.com'] },
])('$environmentName: the rules are those that Bicep itself expands', ({ environmentName, ...rest }) => {
  const snapshot: { predictedResources: Predicted[] } = parse(
    readFileSync(join(INFRA, 'env', `${environmentName}.snapshot.txt`), 'utf8'),
  );
  const predicted = (type: string) => snapshot.predictedResources.filter((one) => one.type === type).map(shapeOf);
  const parameters = { environmentName, location: 'westeurope', receiverKey: '', ...rest };
  const expanded = (symbol: string) => expandDeployment(TEMPLATE, symbol, parameters, DEPLOYMENT).map(shapeOf);
  expect(predicted('Microsoft.Insights/scheduledQueryRules').length).toBeGreaterThan(7);
  expect(sorted(expanded('alerts'))).toEqual(sorted(predicted('Microsoft.Insights/scheduledQueryRules')));
  const [receivers] = expandDeployment(TEMPLATE, 'receivers', parameters, DEPLOYMENT);
  const [group] = snapshot.predictedResources.filter((one) => one.type === 'Microsoft.Insights/actionGroups');
  // Bicep leaves what depends on the key unexpanded.
  const { azureFunctionReceivers: _, ...properties } = group?.properties ?? {};
  expect(receivers?.name).toBe(group?.name);
  expect(receivers?.properties).toEqual({ ...properties, azureFunctionReceivers: [] });
  expect(sorted(expanded('activityAlerts'))).toEqual(sorted(predicted('Microsoft.Insights/activityLogAlerts')));
});

interface Shape {
  name: unknown;
  properties: unknown;
}

function shapeOf({ name, properties }: { name?: unknown; properties?: unknown }): Shape {
  return { name, properties: comparable(JSON.stringify(properties)) };
}

function sorted(shapes: Shape[]): Shape[] {
  return shapes.toSorted((a, b) => String(a.name).localeCompare(String(b.name)));
}

/** A template with one nested deployment of one resource, whose name is an expression. */
function template(name: string, parameter?: unknown) {
  const resource = { type: 'T', name, properties: {} };
  const inner = { parameters: { p: {} }, variables: { v: ['x', 'y'] }, resources: { one: resource } };
  return { resources: { d: { properties: { parameters: { p: { value: parameter } }, template: inner } } } };
}

test.each([
  { name: 'plain', expected: 'plain' },
  { name: '[[literal]', expected: '[literal]' },
  { name: "[format('{0}-{1}', 'it''s', 3)]", expected: "it's-3" },
  { name: "[if(empty(parameters('p').list), 'none', last(parameters('p').list))]", expected: 'b' },
  {
    name: "[join(map(filter(parameters('p').list, lambda('x', equals(lambdaVariables('x'), 'b'))), lambda('x', concat('<', lambdaVariables('x'), '>'))), ',')]",
    expected: '<b>',
  },
  { name: "[variables('v')[add(0, 1)]]", expected: 'y' },
  { name: "[coalesce(tryGet(parameters('p'), 'absent'), 'other')]", expected: 'other' },
  {
    name: "[resourceId('sub', 'rg', 'Microsoft.X/a/b', 'one', 'two')]",
    expected: '/subscriptions/sub/resourceGroups/rg/providers/Microsoft.X/a/one/b/two',
  },
  { name: "[reference('d').outputs.id.value]", expected: 'reference(d).outputs.id.value' },
])('$name', ({ name, expected }) => {
  const [resource] = expandDeployment(template(name, { list: ['a', 'b'] }), 'd', {}, DEPLOYMENT);
  expect(resource?.name).toBe(expected);
});

test.each([
  { name: '[newGuid()]', message: 'the template function newGuid() is not simulated' },
  { name: "[parameters('q')]", message: "parameter 'q' has no value" },
  { name: "[variables('w')]", message: "there is no variable 'w'" },
  { name: "[format('a']", message: 'template expression format(' },
  { name: "[parameters('p').z]", message: 'there is no z' },
])('$name is refused', ({ name, message }) => {
  expect(() => expandDeployment(template(name, {}), 'd', {}, DEPLOYMENT)).toThrow(message);
});

test('an expression is read as calls and members', () => {
  expect(parseExpression("f(-1, 'a''b').c[0]")).toEqual({
    kind: 'member',
    of: {
      kind: 'member',
      of: {
        kind: 'call',
        name: 'f',
        args: [
          { kind: 'literal', value: -1 },
          { kind: 'literal', value: "a'b" },
        ],
      },
      name: { kind: 'literal', value: 'c' },
    },
    name: { kind: 'literal', value: 0 },
  });
  expect(() => parseExpression('f() g()')).toThrow('nothing should follow');
  expect(() => parseExpression('f(%)')).toThrow('cannot read on');
});
