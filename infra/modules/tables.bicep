metadata description = 'The custom tables in a workspace, on the Analytics plan: no other plan carries alert rules.'

import { tables } from 'schema.bicep'

@description('Required. The name of the workspace that holds the tables.')
@minLength(4)
@maxLength(63)
param workspaceName string

@description('Required. How many days rows can be queried at once.')
@minValue(4)
@maxValue(730)
param retentionDays int

@description('Required. How many days rows are kept in all, the archive included.')
@minValue(4)
@maxValue(4383)
param totalRetentionDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource customTables 'Microsoft.OperationalInsights/workspaces/tables@2025-07-01' = [
  for table in tables: {
    parent: workspace
    name: table.name
    properties: {
      plan: 'Analytics'
      retentionInDays: retentionDays
      totalRetentionInDays: totalRetentionDays
      schema: {
        name: table.name
        description: table.description
        columns: table.columns
      }
    }
  }
]
