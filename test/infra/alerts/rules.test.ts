import { describe, expect, test } from 'vitest';
import { createAlerts, deployedAlerts } from '../../../simulator/index.ts';
import { analyzeKql } from '../../../simulator/kql/index.ts';
import { CHECKS } from '../../../src/checks/index.ts';
import { simulatorOf } from '../../simulator/ask.ts';
import { list, moduleTemplate, object } from '../template.ts';

const { rules } = deployedAlerts();
const { logs } = simulatorOf({});
const schema = logs.schema();

const ROUTES = [
  { name: 'all', categories: [], severities: ['critical'], actionGroups: [] },
  {
    name: 'network',
    categories: ['network'],
    severities: ['critical', 'high'],
    actionGroups: ['/groups/net', '/groups/soc'],
  },
];

describe('the rules', () => {
  test('are those of the design, with these severities', () => {
    expect(rules.map(({ name, severity }) => `${name} ${severity}`)).toEqual([
      'finding-critical 1',
      'finding-high 2',
      'finding-medium 3',
      'finding-storm 1',
      'sweep-missing 1',
      'sweep-incomplete 2',
      'coverage-dropped 2',
      'rows-undelivered 2',
      'admin-account-used 2',
      'login-failures-rising 3',
    ]);
  });

  // Peers' defect 10: windows no longer than the schedule lose rows that come late; muting and resolving exclude each other.
  test.each(rules)('peer defect 10: $name remembers what it told, runs every 15 minutes, sees two days', (rule) => {
    expect({ ...rule, failingPeriods: rule.failingPeriods }).toMatchObject({
      autoMitigate: true,
      muteMs: undefined,
      frequencyMs: 15 * 60_000,
      rangeMs: 48 * 3_600_000,
      failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
      enabled: true,
    });
    expect(rule.description).toMatch(/.{40,}docs\/runbook\.md/);
  });

  test.each(rules)('$name leaves texts and numbers in its result, no time and nothing nested', ({ query }) => {
    const types = analyzeKql(query, schema).columns?.map(({ type }) => type) ?? [];
    expect(types.length).toBeGreaterThan(0);
    expect(types.filter((type) => !['string', 'int', 'long', 'real'].includes(type))).toEqual([]);
  });

  test('are validated by Azure against their tables, except where the table comes later', () => {
    const skipping = rules.filter(({ skipQueryValidation }) => skipQueryValidation).map(({ name }) => name);
    expect(skipping).toEqual(['admin-account-used', 'login-failures-rising']);
  });

  test('run as the identity, which has Log Analytics Reader', () => {
    const rule = object(object(moduleTemplate('alerts').resources, 'resources').rules, 'rules');
    expect(rule.identity).toEqual({
      type: 'UserAssigned',
      userAssignedIdentities: { "[format('{0}', parameters('identityId'))]": {} },
    });
  });

  test('name no check, so that a new check changes nothing here', () => {
    const text = rules.map(({ query }) => query).join('\n');
    expect(CHECKS.filter(({ id }) => text.includes(id))).toEqual([]);
  });

  test('look at no logins where no workspace has them', () => {
    const names = deployedAlerts({ loginEventsWorkspaceId: '' }).rules.map(({ name }) => name);
    expect(names).not.toContain('admin-account-used');
    expect(names).toHaveLength(8);
  });
});

test.each([1, 2, 3, 4, 6, 12])(
  'with a sweep every %d hours, every rule is taken and waits for two of them',
  (hours) => {
    const deployed = deployedAlerts({ sweepIntervalHours: hours });
    createAlerts(deployed, logs);
    const missing = deployed.rules.find(({ name }) => name === 'sweep-missing');
    expect(missing?.query).toContain(`ago(${2 * hours * 60 + 45}m)`);
  },
);

describe('routes', () => {
  const routed = deployedAlerts({ routes: ROUTES }).rules.filter(({ name }) => /^finding-(?!storm)/.test(name));

  test('make a rule per route and severity, told to the groups of the route', () => {
    expect(routed.map(({ name, actionGroups }) => [name, actionGroups])).toEqual([
      ['finding-critical', ['reference(receivers).outputs.id.value']],
      ['finding-critical-network', ['/groups/net', '/groups/soc']],
      ['finding-high-network', ['/groups/net', '/groups/soc']],
    ]);
  });

  test('ask for their categories, or for none at all', () => {
    expect(routed.map(({ query }) => /\| where Category .*/.exec(query)?.[0])).toEqual([
      undefined,
      "| where Category in ('network')",
      "| where Category in ('network')",
    ]);
  });

  test.each<{ what: string; alertSettings: Record<string, { enabled: boolean }>; filter: string }>([
    {
      what: 'what any of their rules tells of',
      alertSettings: {},
      filter:
        "Severity == 'critical' or (Severity == 'critical' and Category in ('network')) or (Severity == 'high' and Category in ('network'))",
    },
    {
      what: 'nothing of a rule that is switched off',
      alertSettings: { 'finding-critical': { enabled: false }, 'finding-high-network': { enabled: false } },
      filter: "(Severity == 'critical' and Category in ('network'))",
    },
    {
      what: 'nothing at all where all are',
      alertSettings: Object.fromEntries(routed.map(({ name }) => [name, { enabled: false }])),
      filter: 'false',
    },
  ])('make a storm of $what', async ({ alertSettings, filter }) => {
    const deployed = deployedAlerts({ routes: ROUTES, alertSettings });
    createAlerts(deployed, logs);
    const storm = deployed.rules.find(({ name }) => name === 'finding-storm');
    expect(storm?.query.split('\n')).toContain(`| where ${filter}`);
  });

  test('can name every category that a check has', () => {
    const type = object(object(moduleTemplate('alerts').definitions, 'definitions').route, 'route');
    const allowed = list(object(object(type.properties, 'route').categories, 'categories').allowedValues, 'allowed');
    expect([...new Set(CHECKS.map(({ category }) => category))].filter((one) => !allowed.includes(one))).toEqual([]);
  });
});

test('an environment can switch a rule off, and have it louder or quieter', () => {
  const alertSettings = { 'finding-medium': { enabled: false }, 'sweep-incomplete': { severity: 4 } };
  const changed = deployedAlerts({ alertSettings, stormThreshold: 50, loginFailures: 7 }).rules;
  const find = (name: string) => changed.find((rule) => rule.name === name);
  expect(changed.filter(({ enabled }) => !enabled).map(({ name }) => name)).toEqual(['finding-medium']);
  expect(find('sweep-incomplete')?.severity).toBe(4);
  expect(find('finding-storm')?.threshold).toBe(50);
  expect(find('login-failures-rising')?.query).toContain('| where Failures >= 7 ');
});

test('a workspace without the tables takes none of the rules that look at them', () => {
  const empty = { schema: () => ({ tables: {} }), databaseAt: () => ({ tables: {} }) };
  expect(() => createAlerts(deployedAlerts(), empty)).toThrow(/finding-critical: .*AcrWardenFindings_CL/);
  expect(() => createAlerts(deployedAlerts(), empty)).not.toThrow(/admin-account-used/);
});
