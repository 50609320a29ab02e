metadata description = 'Every right that this deployment gives, each with its reason, and the assignments within our own resource group.'

import { operator } from 'inputs.bicep'

@export()
@description('One right: a role, the kind of scope it is given at, and why nothing less does.')
type right = {
  @description('The name of the role.')
  role: string

  @description('The id of the built-in role; empty for the custom role of reader-actions.json.')
  roleId: string

  @description('Who gets it: the identity of the app, or the people and pipelines that run it.')
  holder: 'identity' | 'operators'

  @description('What the role is given at.')
  scope:
    | 'storage'
    | 'stateContainer'
    | 'rule'
    | 'insights'
    | 'vault'
    | 'workspace'
    | 'subscription'
    | 'policyVault'
    | 'probedRegistry'
    | 'probedAbacRegistry'

  @description('Why the identity needs it, and why there.')
  why: string
}

@export()
@description('Every right. A role that is not in this list is given nowhere.')
var rights right[] = [
  {
    role: 'Storage Blob Data Owner'
    roleId: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
    holder: 'identity'
    scope: 'storage'
    why: 'The Functions host takes blob leases for its timers and fetches the code; state, plans, spool and policy are blobs. The account serves nothing else.'
  }
  {
    role: 'Storage Queue Data Contributor'
    roleId: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
    holder: 'identity'
    scope: 'storage'
    why: 'One queue message per shard and per alert is written, read, deleted and moved to the poison queue, which the host creates. The account serves nothing else.'
  }
  {
    role: 'Monitoring Metrics Publisher'
    roleId: '3913510d-42f4-4e42-8a64-420c390055eb'
    holder: 'identity'
    scope: 'rule'
    why: 'Rows are sent through this data collection rule and no other.'
  }
  {
    role: 'Monitoring Metrics Publisher'
    roleId: '3913510d-42f4-4e42-8a64-420c390055eb'
    holder: 'identity'
    scope: 'insights'
    why: 'The Functions host sends its telemetry to this component with Entra, local authentication being off.'
  }
  {
    role: 'Key Vault Secrets User'
    roleId: '4633458b-17de-408a-b874-0445c86b69e6'
    holder: 'identity'
    scope: 'vault'
    why: 'The address of the Teams workflow is read when a card is posted. The vault holds no other secret.'
  }
  {
    role: 'Log Analytics Reader'
    roleId: '73c42c96-874c-492b-b04d-ab87d138a893'
    holder: 'identity'
    scope: 'workspace'
    why: 'An incident report is put together from the rows of the workspace; the alert rules query them.'
  }
  {
    role: 'acr-warden reader'
    roleId: ''
    holder: 'identity'
    scope: 'subscription'
    why: 'What the checks read, and nothing else: no key, no secret, no webhook configuration. Given at each audited subscription, since a registry may appear anywhere in it.'
  }
  {
    role: 'Key Vault Reader'
    roleId: '21090545-7ca7-4776-b22c-e363652d74d2'
    holder: 'identity'
    scope: 'policyVault'
    why: 'The expiry and the tags of secrets are listed in the vaults that the policy names. It cannot read a value.'
  }
  {
    role: 'AcrPull'
    roleId: '7f951dda-4ed3-4680-a7ca-43fe172d538d'
    holder: 'identity'
    scope: 'probedRegistry'
    why: 'For a probe, which there is not yet, to log in and pull a manifest as a client would.'
  }
  {
    role: 'Container Registry Repository Reader'
    roleId: 'b93aa761-3e63-49ed-ac28-beffa264f7ac'
    holder: 'identity'
    scope: 'probedAbacRegistry'
    why: 'The same in a registry in ABAC mode, which does not honour AcrPull.'
  }
  {
    role: 'Storage Blob Data Contributor'
    roleId: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    holder: 'operators'
    scope: 'stateContainer'
    why: 'They upload the policy and accept baselines. Only the container of acr-warden: not the code, not the blobs of the host.'
  }
]

@description('Required. The object id of the identity.')
param principalId string

@description('Required. What names the assignments: the name of the identity, known before it exists.')
param identityName string

@description('Required. The name of the storage account.')
param storageName string

@description('Required. The name of the data collection rule.')
param ruleName string

@description('Required. The name of the Application Insights component.')
param insightsName string

@description('Required. Who may change the policy and the accepted baselines.')
param operators operator[]

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageName
}

resource storageRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for right in filter(rights, right => right.scope == 'storage'): {
    scope: storage
    name: guid(storage.id, identityName, right.roleId)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', right.roleId)
      description: right.why
    }
  }
]

resource state 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' existing = {
  name: '${storageName}/default/acr-warden'
}

var operatorRight = filter(rights, right => right.holder == 'operators')[0]

resource operatorRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for operator in operators: {
    scope: state
    name: guid(state.id, operator.principalId, operatorRight.roleId)
    properties: {
      principalId: operator.principalId
      principalType: operator.principalType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', operatorRight.roleId)
      description: operatorRight.why
    }
  }
]

resource rule 'Microsoft.Insights/dataCollectionRules@2024-03-11' existing = {
  name: ruleName
}

resource ruleRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for right in filter(rights, right => right.scope == 'rule'): {
    scope: rule
    name: guid(rule.id, identityName, right.roleId)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', right.roleId)
      description: right.why
    }
  }
]

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource insightsRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for right in filter(rights, right => right.scope == 'insights'): {
    scope: insights
    name: guid(insights.id, identityName, right.roleId)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', right.roleId)
      description: right.why
    }
  }
]
