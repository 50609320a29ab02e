metadata description = 'The queries for people as saved functions of a workspace of our own: AcrWardenExpiring(days=30).'

import { everyQuery, queries } from 'queryList.bicep'

@description('Required. The name of the workspace.')
@minLength(4)
@maxLength(63)
param workspaceName string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource functions 'Microsoft.OperationalInsights/workspaces/savedSearches@2025-07-01' = [
  for query in queries: {
    parent: workspace
    name: 'AcrWarden${query.name}'
    // Written over only with this etag. Type and documentation have it beside the properties, where Azure Resource Manager
    // refuses it: Azure/bicep-types-az#1499 and #1872.
    properties: any({
      etag: '*'
      category: 'acr-warden'
      displayName: 'AcrWarden${query.name}'
      functionAlias: 'AcrWarden${query.name}'
      // The query's own parameters first, so that they can be given without a name.
      functionParameters: join(
        map(
          concat(query.parameters, everyQuery),
          parameter => '${parameter.name}:${parameter.type} = ${parameter.default}'
        ),
        ', '
      )
      query: query.text
      version: 2
    })
  }
]
