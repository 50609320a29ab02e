targetScope = 'subscription'
metadata description = 'The custom role of the auditor: the read actions that the checks need.'

@description('Required. The name of the role, which must be unique in the tenant.')
@minLength(3)
@maxLength(128)
param roleName string

@description('Required. The id of the role, the same wherever it is given.')
@minLength(36)
@maxLength(36)
param roleId string

@description('Required. The subscriptions where the role may be given.')
@minLength(1)
param subscriptionIds string[]

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
    assignableScopes: [for id in subscriptionIds: '/subscriptions/${id}']
  }
}
