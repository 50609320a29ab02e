metadata description = 'The Function App on Flex Consumption. It acts as the user-assigned identity and holds no key.'

@description('Required. The name of the app. Its first 32 characters name the host in storage, so they must be unique there.')
@minLength(2)
@maxLength(32)
param name string

@description('Required. The region.')
param location string

@description('Required. The resource id of the identity.')
param identityId string

@description('Required. The address of the blob container that holds the code.')
param codeContainerUrl string

@description('Required. The most instances that may run at once.')
@minValue(40)
@maxValue(1000)
param maximumInstances int

@description('Required. The memory of one instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('Required. The subnet that the app calls out from, delegated to Microsoft.App/environments; empty: none.')
param subnetId string

@description('Required. The settings of the app.')
param settings { *: string }

@description('Required. Tags.')
param tags { *: string }

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: subnetId == '' ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: codeContainerUrl
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'node', version: '22' }
      scaleAndConcurrency: { maximumInstanceCount: maximumInstances, instanceMemoryMB: instanceMemoryMB }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      // The only caller from outside is the action group; code is deployed through the SCM site, with Entra.
      ipSecurityRestrictionsDefaultAction: 'Deny'
      ipSecurityRestrictions: [
        {
          name: 'action-group'
          description: 'Azure Monitor calls receiveAlert.'
          tag: 'ServiceTag'
          ipAddress: 'ActionGroup'
          action: 'Allow'
          priority: 100
        }
      ]
      scmIpSecurityRestrictionsUseMain: false
      scmIpSecurityRestrictionsDefaultAction: 'Allow'
    }
  }
}

resource appSettings 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: site
  name: 'appsettings'
  properties: settings
}

// User name and password would be a key of ours; deployments log in through Entra.
resource ftpPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'ftp'
  properties: { allow: false }
}

resource scmPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'scm'
  properties: { allow: false }
}

@description('The host name of the app.')
output hostName string = site.properties.defaultHostName
