metadata description = 'The rights of the identity on one Key Vault: our own, or one that the policy names.'

import { rights } from 'roles.bicep'

@description('Required. The object id of the identity.')
param principalId string

@description('Required. What names the assignments: the name of the identity, known before it exists.')
param identityName string

@description('Required. The name of the vault.')
@minLength(3)
@maxLength(24)
param vaultName string

@description('Required. Whose vault it is.')
param scope 'vault' | 'policyVault'

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource vaultRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for right in filter(rights, right => right.scope == scope): {
    scope: vault
    name: guid(vault.id, identityName, right.roleId)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', right.roleId)
      description: right.why
    }
  }
]
