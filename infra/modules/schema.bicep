metadata description = 'The tables, read from infra/tables: the one list of them that Bicep knows.'

@export()
@description('One column of a table, as its file describes it.')
type column = {
  name: string
  type: 'string' | 'int' | 'long' | 'real' | 'boolean' | 'dateTime' | 'dynamic'
  description: string
}

@export()
@description('One table, as its file describes it.')
type table = {
  name: string
  description: string
  columns: column[]
}

@export()
@description('Every table that acr-warden writes.')
var tables table[] = [
  loadJsonContent('../tables/AcrWardenChanges_CL.json')
  loadJsonContent('../tables/AcrWardenCredentials_CL.json')
  loadJsonContent('../tables/AcrWardenFindings_CL.json')
  loadJsonContent('../tables/AcrWardenIncidents_CL.json')
  loadJsonContent('../tables/AcrWardenProbes_CL.json')
  loadJsonContent('../tables/AcrWardenRegistries_CL.json')
  loadJsonContent('../tables/AcrWardenSweeps_CL.json')
]
