metadata description = 'The Key Vault with the address of the Teams workflow, whose signature is a secret. A person stores the value.'

@description('Required. The name of the vault.')
@minLength(3)
@maxLength(24)
param name string

@description('Required. The region.')
param location string

@description('Required. Whether the vault resists purging. It cannot be turned off again, and the name stays taken for 90 days after a removal.')
param purgeProtection bool

@description('Required. Tags.')
param tags { *: string }

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    // Fixed when the vault is made: one that followed purgeProtection could not be deployed again after a change of it.
    softDeleteRetentionInDays: 90
    // Key Vault refuses false; absent means off.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: 'Enabled'
  }
}

@description('The identifier of the secret, without a version: the newest value counts.')
output teamsUrlSecret string = '${vault.properties.vaultUri}secrets/teams-url'
