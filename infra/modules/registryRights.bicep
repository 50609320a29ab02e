metadata description = 'The rights of the identity on one registry that the policy probes.'

import { rights } from 'roles.bicep'

@description('Required. The object id of the identity.')
param principalId string

@description('Required. What names the assignments: the name of the identity, known before it exists.')
param identityName string

@description('Required. The name of the registry.')
@minLength(5)
@maxLength(50)
param registryName string

@description('Required. Whether the registry is in ABAC mode.')
param abac bool

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: registryName
}

resource registryRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for right in filter(rights, right => right.scope == (abac ? 'probedAbacRegistry' : 'probedRegistry')): {
    scope: registry
    name: guid(registry.id, identityName, right.roleId)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', right.roleId)
      description: right.why
    }
  }
]
