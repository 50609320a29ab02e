metadata description = 'Application Insights of the app, into the same workspace. Written to through Entra only.'

@description('Required. The name of the component.')
@minLength(1)
@maxLength(260)
param name string

@description('Required. The region.')
param location string

@description('Required. The resource id of the workspace that keeps the telemetry.')
param workspaceId string

@description('Required. Tags.')
param tags { *: string }

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    DisableLocalAuth: true
    WorkspaceResourceId: workspaceId
  }
}

@description('Where telemetry is sent. Holds no secret as long as local authentication is off.')
output connectionString string = insights.properties.ConnectionString
