metadata description = 'The rights of the identity on the workspace, which may be in another resource group or subscription.'

import { rights } from 'roles.bicep'

@description('Required. The object id of the identity.')
param principalId string

@description('Required. What names the assignments: the name of the identity, known before it exists.')
param identityName string

@description('Required. The name of the workspace.')
@minLength(4)
@maxLength(63)
param workspaceName string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource workspaceRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for right in filter(rights, right => right.scope == 'workspace'): {
    scope: workspace
    name: guid(workspace.id, identityName, right.roleId)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', right.roleId)
      description: right.why
    }
  }
]

@description('The id that queries name the workspace by.')
output customerId string = workspace.properties.customerId
