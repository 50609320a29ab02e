targetScope = 'managementGroup'
metadata description = 'The reader role over a whole management group, for those who prefer that to a list of subscriptions. Deployed after main.bicep.'

import { rights } from 'modules/roles.bicep'

@description('Required. The environment of acr-warden whose identity is given the role: dev, prod.')
@minLength(2)
@maxLength(7)
param environmentName string

@description('Required. The object id of that identity: the output principalId of main.bicep.')
@minLength(36)
@maxLength(36)
param principalId string

var roleId = guid(managementGroup().id, 'acr-warden reader', environmentName)

resource readerRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: roleId
  properties: {
    // Names of custom roles are unique in a tenant, and main.bicep may have made one for this environment.
    roleName: 'acr-warden reader (${environmentName}, ${managementGroup().name})'
    description: 'What acr-warden reads: see docs/permissions.md.'
    type: 'CustomRole'
    permissions: [
      {
        actions: loadJsonContent('reader-actions.json')
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
    assignableScopes: [managementGroup().id]
  }
}

resource branchRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for right in filter(rights, right => right.scope == 'subscription'): {
    name: guid(managementGroup().id, principalId, roleId, right.role)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: readerRole.id
      description: right.why
    }
  }
]
