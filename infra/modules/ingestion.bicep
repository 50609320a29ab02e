metadata description = 'The data collection rule that takes the rows in: a stream per table, with its own endpoint.'

@description('Required. The name of the rule.')
@minLength(3)
@maxLength(64)
param name string

@description('Required. The region. It must be the region of the workspace.')
param location string

@description('Required. The resource id of the workspace that holds the tables.')
param workspaceId string

@description('Required. Tags.')
param tags { *: string }

resource rule 'Microsoft.Insights/dataCollectionRules@2024-03-11' = {
  name: name
  location: location
  tags: tags
  // Direct: the rule has an endpoint of its own. One cannot be added to a rule that exists without it.
  kind: 'Direct'
  properties: {
    description: 'Rows of acr-warden, one stream per table.'
    // Made from infra/tables by compile.ts, so that the compiled template holds the streams themselves.
    streamDeclarations: loadJsonContent('ingestion.json', 'streamDeclarations')
    destinations: {
      logAnalytics: [
        { name: 'workspace', workspaceResourceId: workspaceId }
      ]
    }
    dataFlows: loadJsonContent('ingestion.json', 'dataFlows')
  }
}

@description('Where rows are sent.')
output endpoint string = rule.properties.endpoints.logsIngestion

@description('The immutable id of the rule, which rows are addressed to.')
output ruleId string = rule.properties.immutableId
