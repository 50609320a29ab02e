targetScope = 'subscription'
metadata description = 'The custom role of the auditor in one audited subscription, the read actions that the checks need, and its assignment there.'

import { rights } from 'roles.bicep'

@description('Required. The object id of the identity.')
param principalId string

@description('Required. What names the assignments: the name of the identity, known before it exists.')
param identityName string

@description('Required. The name of the role, which must be unique in the tenant.')
@minLength(3)
@maxLength(128)
param roleName string

@description('Required. The id of the role, which must be unique in the tenant.')
@minLength(36)
@maxLength(36)
param roleId string

resource readerRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: roleId
  properties: {
    roleName: roleName
    description: 'What acr-warden reads: see docs/permissions.md.'
    type: 'CustomRole'
    permissions: [
      {
        actions: loadJsonContent('../reader-actions.json')
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
    // No other: Azure refuses to take a scope out of a role while the role is assigned there.
    assignableScopes: [subscription().id]
  }
}

resource subscriptionRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for right in filter(rights, right => right.scope == 'subscription'): {
    name: guid(subscription().id, identityName, roleId, right.role)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: readerRole.id
      description: right.why
    }
  }
]
