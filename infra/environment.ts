import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { needsOf } from './needs.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const resourceId = (type: string) =>
  new RegExp(`^/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/${type.replaceAll('.', '\\.')}$`, 'i');

const subscription = z
  .string()
  .regex(guid, 'is not the id of a subscription')
  .refine((id) => !/^[0-]+$/.test(id), 'is the placeholder: put the ids of your subscriptions there');
const workspace = resourceId('Microsoft.OperationalInsights/workspaces/[^/]+');
const subnet = resourceId('Microsoft.Network/virtualNetworks/[^/]+/subnets/[^/]+');
const vault = z
  .string()
  .regex(resourceId('Microsoft.KeyVault/vaults/[a-z0-9-]{3,24}'), 'is not the resource id of a Key Vault');
const registry = resourceId('Microsoft.ContainerRegistry/registries/[a-z0-9]{5,50}');
const actionGroup = resourceId('Microsoft.Insights/actionGroups/[^/]+');
const resourceGroup = /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+$/i;

/** The rules that every environment may have something to say about; those of findings depend on its routes. */
const OTHER_RULES = [
  'finding-storm',
  'sweep-missing',
  'sweep-incomplete',
  'coverage-dropped',
  'rows-undelivered',
  'admin-account-used',
  'login-failures-rising',
];
const route = z.object({
  name: z.string().regex(/^[a-z0-9-]+$/, 'is not lower-case letters, digits and hyphens'),
  severities: z.array(z.string()).min(1, 'names no severity').refine(isUnique, 'names a severity twice'),
  actionGroups: z.array(z.string().regex(actionGroup, 'is not the resource id of an action group')),
});
const registries = z
  .array(z.object({ id: z.string().regex(registry, 'is not the resource id of a registry') }))
  .refine((all) => isUnique(all.map(({ id }) => id)), 'names a registry twice')
  .default([]);

/** What Bicep cannot say of a parameter. Everything else it has checked already. */
const parameters = z.object({
  environmentName: z.string().regex(/^[a-z][a-z0-9]+$/, 'is not lower-case letters and digits, a letter first'),
  location: z.string().regex(/^[a-z0-9]+$/, 'is not the short name of a region, as in westeurope'),
  auditedSubscriptions: z.array(subscription).refine(isUnique, 'names a subscription twice'),
  alertEmails: z
    .array(
      z
        .email('is not an address')
        .refine((email) => !/@example\.(com|org|net)$/i.test(email), 'is the placeholder: put your own address there'),
    )
    .refine(isUnique, 'names an address twice'),
  workspaceId: z
    .string()
    .refine((id) => id === '' || workspace.test(id), 'is not the resource id of a workspace')
    .default(''),
  subnetId: z
    .string()
    .refine((id) => id === '' || subnet.test(id), 'is not the resource id of a subnet')
    .default(''),
  policyVaults: z.array(vault).refine(isUnique, 'names a vault twice').default([]),
  probedRegistries: registries,
  watchedRegistries: registries,
  loginEventsWorkspaceId: z
    .string()
    .refine((id) => id === '' || workspace.test(id), 'is not the resource id of a workspace')
    .default(''),
  activityAlertGroups: z
    .array(z.string().regex(resourceGroup, 'is not the id of a resource group'))
    .refine((ids) => isUnique(ids.map((id) => id.split('/')[2] ?? '')), 'names a subscription twice')
    .default([]),
  routes: z
    .array(route)
    .refine((routes) => isUnique(routes.map(({ name }) => name)), 'names a route twice')
    .default([]),
  alertSettings: z.record(z.string(), z.unknown()).default({}),
  operators: z
    .array(z.object({ principalId: z.string().regex(guid, 'is not an object id') }))
    .refine((all) => isUnique(all.map(({ principalId }) => principalId)), 'names an operator twice')
    .default([]),
  denySettings: z.string().default('none'),
  retentionDays: z.int().default(30),
  totalRetentionDays: z.int().default(365),
});

/** The parameters of one environment, as far as a deployment step needs them. */
export type Environment = z.infer<typeof parameters>;

function isUnique(values: readonly string[]): boolean {
  return new Set(values.map((value) => value.toLowerCase())).size === values.length;
}

/**
 * Reads what `az bicep build-params --stdout` wrote for an environment that is deployed to the subscription `home`. Throws one
 * error with every problem, each naming the parameter, so that nothing is created before all of them are mended.
 */
export function readEnvironment(name: string, home: string, built: string): Environment {
  const outer = z.object({ parametersJson: z.string() }).parse(JSON.parse(built));
  const file = z
    .object({ parameters: z.record(z.string(), z.object({ value: z.unknown() })) })
    .parse(JSON.parse(outer.parametersJson));
  const values = Object.fromEntries(Object.entries(file.parameters).map(([key, { value }]) => [key, value]));
  const result = parameters.safeParse(values);
  const problems = (result.error?.issues ?? []).map((issue) => `${issue.path.join('.')} ${issue.message}`);
  if (values.environmentName !== name) {
    problems.unshift(`environmentName is ${JSON.stringify(values.environmentName)}, but the file is named ${name}`);
  }
  problems.push(...unknownRules(result.data), ...alertsTwice(result.data, home));
  if (!result.success || problems.length > 0) {
    throw new Error(`infra/env/${name}.bicepparam: ${problems.join('; ')}`);
  }
  return result.data;
}

/** The home subscription has its alerts on the activity log anyhow: a group there would make each of them twice. */
function alertsTwice(environment: Environment | undefined, home: string): string[] {
  return (environment?.activityAlertGroups ?? []).flatMap((id, index) =>
    id.split('/')[2]?.toLowerCase() === home.toLowerCase()
      ? [`activityAlertGroups.${index} is in the subscription of the deployment, which has these alerts already`]
      : [],
  );
}

/** A setting of a rule that is not there would change nothing, and nobody would notice. */
function unknownRules(environment: Environment | undefined): string[] {
  if (!environment) return [];
  const { routes, alertSettings } = environment;
  const all = routes.length > 0 ? routes : [{ name: 'all', severities: ['critical', 'high', 'medium'] }];
  const ofFindings = all.flatMap(({ name, severities }) =>
    severities.map((severity) => `finding-${severity}${name === 'all' ? '' : `-${name}`}`),
  );
  const known = [...ofFindings, ...OTHER_RULES];
  return Object.keys(alertSettings)
    .filter((rule) => !known.includes(rule))
    .map((rule) => `alertSettings.${rule} is not the name of an alert rule: they are ${known.join(', ')}`);
}

/**
 * The environment as `name=value` lines, which a shell reads without evaluating them; `home` is the subscription it is deployed
 * to. A line `need=` for each scope: its id, and the actions that a deployment needs there.
 */
export function environmentLines(environment: Environment, home: string): string {
  const { location, denySettings, workspaceId, retentionDays, totalRetentionDays } = environment;
  const audited = environment.auditedSubscriptions.length;
  const operators = environment.operators.length;
  const lines = { location, denySettings, workspaceId, retentionDays, totalRetentionDays, audited, operators };
  const values = Object.entries(lines).map(([name, value]) => `${name}=${value}\n`);
  const needs = needsOf(environment, home).map(({ scope, actions }) => `need=${[scope, ...actions].join(' ')}\n`);
  return [...values, ...needs].join('');
}

if (import.meta.main) {
  try {
    const [name = '', home = ''] = process.argv.slice(2);
    process.stdout.write(environmentLines(readEnvironment(name, home, await text(process.stdin)), home));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
