metadata description = 'The queries for people as a query pack, which the Logs page offers beside any workspace.'

import { everyQuery, queries } from 'queryList.bicep'

@description('Required. The name of the query pack.')
param name string

@description('Required. The region.')
param location string

@description('Required. Tags.')
param tags { *: string }

resource pack 'Microsoft.OperationalInsights/queryPacks@2019-09-01' = {
  name: name
  location: location
  tags: tags
  properties: {}
}

// A query of a pack has no parameters: they stand before it, to be changed there.
resource packQueries 'Microsoft.OperationalInsights/queryPacks/queries@2019-09-01' = [
  for query in queries: {
    parent: pack
    name: guid(name, query.name)
    properties: {
      displayName: 'acr-warden: ${query.title}'
      description: query.description
      body: '${join(map(concat(everyQuery, query.parameters), parameter => 'let ${parameter.name} = ${parameter.default};'), '\n')}\n${query.text}'
      related: {
        categories: ['security']
        resourceTypes: ['microsoft.operationalinsights/workspaces', 'microsoft.containerregistry/registries']
      }
      tags: { labels: ['acr-warden'] }
    }
  }
]
