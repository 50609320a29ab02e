import type { Answer } from './standin.ts';

export const home = 'aaaaaaaa-0000-0000-0000-000000000001';
export const other = 'aaaaaaaa-0000-0000-0000-000000000002';
export const principal = 'cccccccc-0000-0000-0000-000000000001';
/** A workspace that was there before, in another subscription. */
export const sharedWorkspace = `/subscriptions/${other}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-shared`;

const group = `/subscriptions/${home}/resourceGroups/rg-acr-warden-dev/providers`;
/** The workspace that an environment dev has of its own. */
export const ownWorkspace = `${group}/Microsoft.OperationalInsights/workspaces/log`;
const actionGroups = ['Smart Detection', 'ag-acr-warden-dev'].map(
  (name) => `${group}/Microsoft.Insights/actionGroups/${name}`,
);

/** Tables as ARM lists them, each with its columns and the days for which it keeps rows. */
export function tablesAnswer(
  tables: Record<string, string[]>,
  retentionInDays = 30,
  totalRetentionInDays = 30,
): Answer {
  const value = Object.entries(tables).map(([name, columns]) => ({
    name,
    properties: {
      retentionInDays,
      totalRetentionInDays,
      schema: { columns: columns.map((column) => ({ name: column, type: 'string' })) },
    },
  }));
  return { call: 'az rest --method get *workspaces/*/tables*', out: JSON.stringify(value) };
}

const good = {
  environmentName: 'dev',
  location: 'westeurope',
  auditedSubscriptions: [home, other],
  alertEmails: ['ana@contoso.com'],
  operators: [{ principalId: principal, principalType: 'User' }],
};

/** What `az bicep build-params --stdout` says of the environment, with some parameters changed. */
export function parametersAnswer(changed: object = {}): Answer {
  const values = Object.entries({ ...good, ...changed }).map(([name, value]) => [name, { value }]);
  const parametersJson = JSON.stringify({ parameters: Object.fromEntries(values) });
  return { call: 'az bicep build-params *', out: JSON.stringify({ parametersJson }) };
}

const created = 'az stack sub create *';

/** An output of the stack: there once the stack was made, or from the start when it `existed`. */
function output(name: string, value: string, existed: boolean): Answer {
  const call = `az stack sub show *outputs.${name}.value*`;
  return existed ? { call, out: value } : { call, after: created, out: value };
}

/** What a subscription has of one type, in whatever resource groups. */
function listed(type: string, ...ids: string[]): Answer {
  return { call: `az resource list --resource-type ${type} *`, out: ids.join('\n') };
}

/** An Azure in which everything works; what stands before these answers in a list wins over them. */
export function willingAzure({ existed = false } = {}): Answer[] {
  const key = { call: 'az functionapp function keys list *', out: 'key-1' };
  return [
    { call: 'az version *', out: '2.80.0' },
    { call: 'az * --help', out: '--validation-level --vl' },
    { call: 'az account show *--query id *', out: home },
    { call: 'az account show *--query name *', out: 'Dev' },
    { call: 'az account show *--query tenantId *', out: 'tenant' },
    { call: 'az account get-access-token *--output none *' },
    { call: 'az cloud show *endpoints*', out: 'https://graph.microsoft.com/' },
    { call: 'az cloud show *', out: 'AzureCloud' },
    parametersAnswer(),
    { call: 'az functionapp list-flexconsumption-locations *', out: 'northeurope\nWest Europe' },
    {
      call: 'az rest --method get *Microsoft.Authorization/permissions*',
      out: '{"value":[{"actions":["*"],"notActions":[]}]}',
    },
    output('workspaceId', ownWorkspace, existed),
    output('resourceGroupName', 'rg-acr-warden-dev', existed),
    output('appName', 'acr-warden-dev-x', existed),
    output('principalId', principal, existed),
    output('storageName', 'acrwdevx', existed),
    output('vaultName', 'acrwdevx', existed),
    output('dcrEndpoint', 'https://dcr.example', existed),
    output('dcrRuleId', 'dcr-1', existed),
    output('stateContainerUrl', 'https://acrwdevx.blob.example/acr-warden', existed),
    output('workspaceCustomerId', 'ws-1', existed),
    { call: 'az stack sub show *', exit: 3 },
    listed('Microsoft.OperationalInsights/workspaces', sharedWorkspace, ...(existed ? [ownWorkspace] : [])),
    listed('Microsoft.Web/sites', ...(existed ? [`${group}/Microsoft.Web/sites/acr-warden-dev-x`] : [])),
    listed('Microsoft.Insights/actionGroups', ...(existed ? actionGroups : [])),
    listed(
      'Microsoft.Storage/storageAccounts',
      ...(existed ? [`${group}/Microsoft.Storage/storageAccounts/acrwdevx`] : []),
    ),
    { call: 'az rest --method get *actionGroups/*azureFunctionReceivers*', out: existed ? 'receiveAlert' : '' },
    tablesAnswer({}),
    { call: 'az stack sub list *', out: existed ? 'other\nacr-warden-dev' : 'other' },
    existed ? key : { ...key, after: 'az functionapp deployment source config-zip *' },
    { call: 'az functionapp function keys list *', exit: 1 },
    { call: 'az deployment group *' },
    { call: created },
    { call: 'az stack sub delete *' },
    { call: 'az stack-whatif *' },
    { call: 'az storage blob exists *', out: String(existed) },
    { call: 'az storage blob download *', out: 'profile: full' },
    { call: 'az storage blob upload *' },
    { call: 'az functionapp deployment source config-zip *' },
    { call: 'az ad sp show *--query id *', out: 'graph' },
    { call: 'az ad sp show *Application.Read.All*', out: 'role-a' },
    { call: 'az ad sp show *GroupMember.Read.All*', out: 'role-g' },
    { call: 'az ad sp show *User.ReadBasic.All*', out: 'role-u' },
    { call: 'az rest --method get *appRoleAssignments*', out: 'role-a' },
    { call: 'az rest --method post *' },
    { call: 'npm *' },
  ];
}

/** The calls that change something, each by the words that tell it from the others. */
export function changes(calls: readonly string[]): string[] {
  const kinds: [RegExp, string][] = [
    [/^az deployment group create/, 'tables'],
    [/^az stack sub create/, 'stack'],
    [/^with receiver key (.*)/, 'with the key'],
    [/^az storage blob upload/, 'policy'],
    [/^az functionapp deployment/, 'code'],
    [/^az rest --method post .*appRoleAssignments/, 'graph'],
    [/^az rest --method post .*planSweep/, 'sweep'],
    [/^az stack sub delete/, 'removal'],
    [/^az .*(create|delete|set|update|upload|add|post)\b/, 'something else'],
  ];
  return calls.flatMap((call) => {
    if (call.includes('--help')) return [];
    const kind = kinds.find(([pattern]) => pattern.test(call));
    return kind === undefined ? [] : [kind[1]];
  });
}
