metadata description = 'A Log Analytics workspace of its own. Read through Entra only.'

@description('Required. The name of the workspace.')
@minLength(4)
@maxLength(63)
param name string

@description('Required. The region.')
param location string

@description('Required. How many days rows can be queried at once, for tables that do not say otherwise.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Required. Tags.')
param tags { *: string }

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

@description('The resource id of the workspace.')
output id string = workspace.id
