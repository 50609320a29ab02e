metadata description = 'The storage account of the app: its host, its code, its queues, and the state, plans, spool and policy of acr-warden.'

@description('Required. The name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('Required. The region.')
param location string

@description('Required. Tags.')
param tags { *: string }

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    // Entra only: there is no key that could leak.
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    // A state or a policy overwritten by mistake can be fetched back.
    deleteRetentionPolicy: { enabled: true, days: 7 }
  }
}

resource state 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: blobs
  name: 'acr-warden'
}

resource code 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: blobs
  name: 'deployments'
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2025-01-01' = {
  parent: account
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-01-01' = [
  for queue in ['sweep-shards', 'sweep-tenants', 'incidents']: {
    parent: queueService
    name: queue
  }
]

@description('The address of the container with the state, the plans, the spool and the policy.')
output stateContainerUrl string = '${account.properties.primaryEndpoints.blob}${state.name}'

@description('The address of the blobs, in whatever cloud this is.')
output blobServiceUri string = account.properties.primaryEndpoints.blob

@description('The address of the queues.')
output queueServiceUri string = account.properties.primaryEndpoints.queue

@description('The address of the container with the code.')
output codeContainerUrl string = '${account.properties.primaryEndpoints.blob}${code.name}'
