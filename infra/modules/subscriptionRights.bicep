targetScope = 'subscription'
metadata description = 'The rights of the identity in one audited subscription.'

import { rights } from 'roles.bicep'

@description('Required. The object id of the identity.')
param principalId string

@description('Required. What names the assignments: the name of the identity, known before it exists.')
param identityName string

@description('Required. The id of the custom role.')
@minLength(36)
@maxLength(36)
param roleId string

resource subscriptionRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for right in filter(rights, right => right.scope == 'subscription'): {
    name: guid(subscription().id, identityName, roleId, right.role)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
      description: right.why
    }
  }
]
