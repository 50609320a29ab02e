targetScope = 'subscription'
metadata description = 'One environment of acr-warden: everything it runs on, and the rights it has.'

import { subscriptionId, resourceIdText, probedRegistry, operator } from 'modules/inputs.bicep'
import { route, oneRoute, ruleSettings, watchedRegistry } from 'modules/routes.bicep'

@description('Required. The name of the environment, in lower-case letters and digits; part of every name: dev, prod.')
@minLength(2)
@maxLength(7)
param environmentName string

@description('Required. The region of everything; also of the workspace, when an existing one is named.')
@minLength(3)
param location string

@description('Optional. How many hours lie between two sweeps. The schedule and every alert window come from it.')
@allowed([1, 2, 3, 4, 6, 12])
param sweepIntervalHours int = 1

@description('Required. The ids of the subscriptions to audit; empty only when access.bicep gives the right over a management group.')
param auditedSubscriptions subscriptionId[]

@description('Required. Who gets a mail of an alert. Azure asks each new address to confirm itself within 30 minutes.')
@minLength(1)
param alertEmails string[]

@description('Optional. Whether alerts are also posted to Teams, through a workflow whose address is a secret of our Key Vault.')
param teams bool = false

@description('Optional. Whether the Key Vault resists purging. It cannot be turned off again, and after a removal its name stays taken for 90 days.')
param vaultPurgeProtection bool = false

@description('Optional. The resource id of a workspace to use; empty: a new one. Tables of an existing workspace are not part of this deployment.')
param workspaceId resourceIdText = ''

@description('Optional. How many days rows of a new workspace can be queried at once.')
@minValue(30)
@maxValue(730)
param retentionDays int = 30

@description('Optional. How many days rows of a new workspace are kept in all, the archive included; not less than retentionDays.')
@minValue(30)
@maxValue(4383)
param totalRetentionDays int = 365

@description('Optional. The most instances that may run at once. Each shard is worked on by one.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('Optional. The memory of one instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Optional. The resource id of a subnet to call out from, delegated to Microsoft.App/environments, so that the probe reaches private registries; empty: none.')
param subnetId resourceIdText = ''

@description('Optional. The resource ids of the Key Vaults that the policy names.')
param policyVaults resourceIdText[] = []

@description('Optional. The registries that the policy probes.')
param probedRegistries probedRegistry[] = []

@description('Optional. Who may change the policy and the accepted baselines: people, groups, and the pipeline that deploys.')
param operators operator[] = []

@description('Optional. What the deployment stack forbids everybody else: read by deploy.sh, recorded as an output.')
param denySettings 'none' | 'denyDelete' = 'none'

@description('Optional. The key of receiveAlert, which exists once the app has started: deploy.sh passes it in the second step.')
@secure()
param receiverKey string = ''

@description('Optional. Which findings are told to whom; empty: every severity that has a rule, to alertEmails and Teams.')
param routes route[] = []

@description('Optional. What this environment wants otherwise of an alert rule, by its name: docs/alerts.md lists them.')
param alertSettings ruleSettings = {}

@description('Optional. So many open findings of one severity are told as a storm. Azure tells of 300 at most in one evaluation.')
@minValue(1)
@maxValue(300)
param stormThreshold int = 200

@description('Optional. The resource id of the workspace that gets ContainerRegistryLoginEvents of the registries; empty: no rule looks at logins.')
param loginEventsWorkspaceId resourceIdText = ''

@description('Optional. Fewer failed logins to a registry in an hour are never told.')
@minValue(1)
param loginFailures int = 20

@description('Optional. Resource groups in other audited subscriptions that hold the alerts on their activity log: such an alert sees its own subscription only.')
param activityAlertGroups resourceIdText[] = []

@description('Optional. The registries whose storage and pulls are watched by metric alerts.')
param watchedRegistries watchedRegistry[] = []

@description('Optional. Tags of everything.')
param tags { *: string } = {}

// Everything below is named before it exists, so that what-if can predict it.
var suffix = uniqueString(subscription().id, environmentName)
var groupName = 'rg-acr-warden-${environmentName}'
var names = {
  identity: 'id-acr-warden-${environmentName}'
  storage: take('acrw${environmentName}${suffix}', 24)
  app: 'acr-warden-${environmentName}-${suffix}'
  rule: 'dcr-acr-warden-${environmentName}'
  insights: 'appi-acr-warden-${environmentName}'
  vault: take('acrw${environmentName}${suffix}', 24)
  actionGroup: 'ag-acr-warden-${environmentName}'
  queryPack: 'queries-acr-warden-${environmentName}'
}
var allTags = union(tags, { 'acr-warden': environmentName })

var newWorkspaceName = 'log-acr-warden-${environmentName}-${suffix}'
var newWorkspaceId = resourceId(
  subscription().subscriptionId,
  groupName,
  'Microsoft.OperationalInsights/workspaces',
  newWorkspaceName
)
var chosenWorkspaceId = workspaceId == '' ? newWorkspaceId : workspaceId
var workspaceParts = split(chosenWorkspaceId, '/')

// Beyond two years Azure keeps whole years only.
var keptForYears = [1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018, 4383]
var possibleRetention = totalRetentionDays <= 730 || contains(keptForYears, totalRetentionDays)
  ? totalRetentionDays
  : fail('totalRetentionDays (${totalRetentionDays}) is none that Azure has: up to 730, or ${join(keptForYears, ', ')}')
var enoughRetention = totalRetentionDays >= retentionDays
  ? possibleRetention
  : fail('totalRetentionDays (${totalRetentionDays}) is less than retentionDays (${retentionDays}): raise it')

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: groupName
  location: location
  tags: allTags
}

module workspace 'modules/workspace.bicep' = if (workspaceId == '') {
  scope: group
  params: {
    name: newWorkspaceName
    location: location
    retentionDays: retentionDays
    tags: allTags
  }
}

module tables 'modules/tables.bicep' = if (workspaceId == '') {
  scope: group
  dependsOn: [workspace]
  params: {
    workspaceName: newWorkspaceName
    retentionDays: retentionDays
    totalRetentionDays: enoughRetention
  }
}

module ingestion 'modules/ingestion.bicep' = {
  scope: group
  dependsOn: [tables]
  params: {
    name: names.rule
    location: location
    workspaceId: chosenWorkspaceId
    tags: allTags
  }
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: names.identity
    location: location
    tags: allTags
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: names.storage
    location: location
    tags: allTags
  }
}

module insights 'modules/insights.bicep' = {
  scope: group
  dependsOn: [workspace]
  params: {
    name: names.insights
    location: location
    workspaceId: chosenWorkspaceId
    tags: allTags
  }
}

module vault 'modules/vault.bicep' = if (teams) {
  scope: group
  params: {
    name: names.vault
    location: location
    purgeProtection: vaultPurgeProtection
    tags: allTags
  }
}

module roles 'modules/roles.bicep' = {
  scope: group
  dependsOn: [storage, ingestion, insights]
  params: {
    principalId: identity.outputs.principalId
    identityName: names.identity
    storageName: names.storage
    ruleName: names.rule
    insightsName: names.insights
    operators: operators
  }
}

module vaultRights 'modules/vaultRights.bicep' = if (teams) {
  scope: group
  dependsOn: [vault]
  params: {
    principalId: identity.outputs.principalId
    identityName: names.identity
    vaultName: names.vault
    scope: 'vault'
  }
}

module workspaceRights 'modules/workspaceRights.bicep' = {
  scope: resourceGroup(workspaceParts[2], workspaceParts[4])
  dependsOn: [workspace]
  params: {
    principalId: identity.outputs.principalId
    identityName: names.identity
    workspaceName: last(workspaceParts)
  }
}

module subscriptionRights 'modules/subscriptionRights.bicep' = [
  for id in auditedSubscriptions: {
    scope: subscription(id)
    params: {
      principalId: identity.outputs.principalId
      identityName: names.identity
      // Unique in a tenant, which may hold this environment in several subscriptions that audit the same one.
      roleName: 'acr-warden reader (${environmentName} ${suffix}, ${toLower(id)})'
      roleId: guid(subscription().id, 'acr-warden reader', environmentName, toLower(id))
    }
  }
]

module policyVaultRights 'modules/vaultRights.bicep' = [
  for id in policyVaults: {
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: {
      principalId: identity.outputs.principalId
      identityName: names.identity
      vaultName: last(split(id, '/'))
      scope: 'policyVault'
    }
  }
]

module registryRights 'modules/registryRights.bicep' = [
  for registry in probedRegistries: {
    scope: resourceGroup(split(registry.id, '/')[2], split(registry.id, '/')[4])
    params: {
      principalId: identity.outputs.principalId
      identityName: names.identity
      registryName: last(split(registry.id, '/'))
      abac: registry.abac
    }
  }
]

module app 'modules/app.bicep' = {
  scope: group
  dependsOn: [roles]
  params: {
    name: names.app
    location: location
    identityId: resourceId(
      subscription().subscriptionId,
      groupName,
      'Microsoft.ManagedIdentity/userAssignedIdentities',
      names.identity
    )
    codeContainerUrl: storage.outputs.codeContainerUrl
    maximumInstances: maximumInstances
    instanceMemoryMB: instanceMemoryMB
    subnetId: subnetId
    tags: allTags
    settings: {
      ENVIRONMENT_NAME: environmentName
      AZURE_CLOUD: environment().name
      AZURE_TENANT_ID: tenant().tenantId
      AZURE_CLIENT_ID: identity.outputs.clientId
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential'
      SWEEP_INTERVAL_HOURS: string(sweepIntervalHours)
      DCR_ENDPOINT: ingestion.outputs.endpoint
      DCR_RULE_ID: ingestion.outputs.ruleId
      STATE_CONTAINER_URL: storage.outputs.stateContainerUrl
      WORKSPACE_ID: workspaceRights.outputs.customerId
      TEAMS_URL_SECRET: vault.?outputs.teamsUrlSecret ?? ''
      ALERT_RULES_SCOPE: join(concat([group.id], activityAlertGroups), ',')
      // The name of the account would do in the public cloud only: the host makes core.windows.net of it.
      AzureWebJobsStorage__blobServiceUri: storage.outputs.blobServiceUri
      AzureWebJobsStorage__queueServiceUri: storage.outputs.queueServiceUri
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identity.outputs.clientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: insights.outputs.connectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.outputs.clientId};Authorization=AAD'
    }
  }
}

module receivers 'modules/receivers.bicep' = {
  scope: group
  params: {
    name: names.actionGroup
    emails: alertEmails
    appId: resourceId(subscription().subscriptionId, groupName, 'Microsoft.Web/sites', names.app)
    appHostName: app.outputs.hostName
    receiverKey: receiverKey
    tags: allTags
  }
}

var identityId = resourceId(
  subscription().subscriptionId,
  groupName,
  'Microsoft.ManagedIdentity/userAssignedIdentities',
  names.identity
)
var loginWorkspaceParts = split(loginEventsWorkspaceId, '/')

module loginEventsRights 'modules/workspaceRights.bicep' = if (loginEventsWorkspaceId != '' && toLower(loginEventsWorkspaceId) != toLower(chosenWorkspaceId)) {
  scope: resourceGroup(
    loginEventsWorkspaceId == '' ? subscription().subscriptionId : loginWorkspaceParts[2],
    loginEventsWorkspaceId == '' ? groupName : loginWorkspaceParts[4]
  )
  params: {
    principalId: identity.outputs.principalId
    identityName: names.identity
    workspaceName: loginEventsWorkspaceId == '' ? newWorkspaceName : last(loginWorkspaceParts)
  }
}

// A rule is validated against its tables, as its identity, when it is made.
module alerts 'modules/alerts.bicep' = {
  scope: group
  dependsOn: [tables, loginEventsRights]
  params: {
    environmentName: environmentName
    location: location
    sweepIntervalHours: sweepIntervalHours
    workspaceId: chosenWorkspaceId
    loginEventsWorkspaceId: loginEventsWorkspaceId
    identityId: identityId
    actionGroupId: receivers.outputs.id
    routes: empty(routes) ? oneRoute : routes
    settings: alertSettings
    stormThreshold: stormThreshold
    loginFailures: loginFailures
    tags: allTags
  }
}

module queryPack 'modules/queryPack.bicep' = {
  scope: group
  params: {
    name: names.queryPack
    location: location
    tags: allTags
  }
}

module savedFunctions 'modules/savedFunctions.bicep' = if (workspaceId == '') {
  scope: group
  dependsOn: [tables]
  params: {
    workspaceName: newWorkspaceName
  }
}

module activityAlerts 'modules/activityAlerts.bicep' = {
  scope: group
  params: {
    nameEnding: environmentName
    actionGroupId: receivers.outputs.id
    rulesGroupId: group.id
    tags: allTags
  }
}

module otherActivityAlerts 'modules/activityAlerts.bicep' = [
  for id in activityAlertGroups: {
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: {
      // This environment in another subscription may name the same group.
      nameEnding: '${environmentName}-${suffix}'
      actionGroupId: receivers.outputs.id
      rulesGroupId: ''
      tags: allTags
    }
  }
]

module metricAlerts 'modules/metricAlerts.bicep' = if (!empty(watchedRegistries)) {
  scope: group
  params: {
    environmentName: environmentName
    registries: watchedRegistries
    actionGroupId: receivers.outputs.id
    tags: allTags
  }
}

@description('The resource group of everything.')
output resourceGroupName string = group.name

@description('The name of the Function App.')
output appName string = names.app

@description('The object id of the identity: what access.bicep and grant-graph.sh give rights to.')
output principalId string = identity.outputs.principalId

@description('The client id of the identity.')
output clientId string = identity.outputs.clientId

@description('The name of the storage account.')
output storageName string = names.storage

@description('The address of the container with the state and the policy.')
output stateContainerUrl string = storage.outputs.stateContainerUrl

@description('The name of our Key Vault; empty without Teams.')
output vaultName string = teams ? names.vault : ''

@description('The resource id of the workspace.')
output workspaceId string = chosenWorkspaceId

@description('The id that queries name the workspace by.')
output workspaceCustomerId string = workspaceRights.outputs.customerId

@description('Where rows are sent.')
output dcrEndpoint string = ingestion.outputs.endpoint

@description('The immutable id of the rule, which rows are addressed to.')
output dcrRuleId string = ingestion.outputs.ruleId

@description('The hours between two sweeps.')
output sweepIntervalHours int = sweepIntervalHours

@description('What the deployment stack was told to forbid.')
output denySettings string = denySettings
