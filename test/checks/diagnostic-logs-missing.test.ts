import { expect, test } from 'vitest';
import { diagnosticLogsMissing } from '../../src/checks/diagnostic-logs-missing.ts';
import type { DiagnosticSetting } from '../../src/model/estate.ts';
import { gap, input, registry, registryId, SUB } from '../build.ts';
import { told } from './told.ts';

const LOGINS = 'ContainerRegistryLoginEvents';
const REPOSITORIES = 'ContainerRegistryRepositoryEvents';

function setting(logs: string[], change: Partial<DiagnosticSetting> = {}): DiagnosticSetting {
  return { registryId: registryId('shop'), name: 'to-law', hasDestination: true, logs, ...change };
}

test.each<[string, DiagnosticSetting[], string[]]>([
  ['both categories', [setting([LOGINS, REPOSITORIES])], []],
  ['both, in two settings', [setting([LOGINS]), setting([REPOSITORIES], { name: 'second' })], []],
  ['the group of all logs', [setting(['allLogs'])], []],
  ['the group audit', [setting(['audit'])], []],
  ['letter case does not matter', [setting(['ALLLOGS'])], []],
  ['no setting', [], ['shop medium']],
  ['metrics only', [setting([])], ['shop medium']],
  ['repository events only', [setting([REPOSITORIES])], ['shop medium']],
  ['login events only', [setting([LOGINS])], ['shop low']],
  ['sent nowhere', [setting(['allLogs'], { hasDestination: false })], ['shop medium']],
  ["another registry's", [setting(['allLogs'], { registryId: registryId('shop2') })], ['shop medium']],
])('%s', (_, diagnosticSettings, expected) => {
  expect(told(diagnosticLogsMissing, { registries: [registry()], diagnosticSettings })).toEqual(expected);
});

test('settings that could not be read are no finding', () => {
  const gaps = [gap({ source: 'diagnosticSettings', scope: registryId('shop') })];
  expect(told(diagnosticLogsMissing, { registries: [registry(), registry({ name: 'web' })], gaps })).toEqual([
    'web medium',
  ]);
});

test('says what is missing and how to send it', () => {
  expect(diagnosticLogsMissing.run(input({ registries: [registry()] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason: `shop sends no ${LOGINS} and no ${REPOSITORIES}: a failed or stolen login leaves no trace.`,
      evidence: { missing: [LOGINS, REPOSITORIES] },
      fix: `az monitor diagnostic-settings create --name acr-logs --resource ${registryId('shop')} --subscription ${SUB} --workspace <id of the Log Analytics workspace> --logs '[{"categoryGroup":"allLogs","enabled":true}]'`,
    },
  ]);
});
