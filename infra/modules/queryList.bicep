metadata description = 'The queries for people: the one list of them that Bicep knows. Their texts are files in infra/queries.'

@export()
@description('A parameter of a query.')
type queryParameter = {
  @description('The name, as the text of the query uses it.')
  name: string

  @description('The scalar type in KQL.')
  type: 'string' | 'int'

  @description('The value that is taken when none is given, as KQL writes it.')
  default: string
}

@export()
@description('A query for people.')
type query = {
  @description('The name of the file; with AcrWarden before it, that of the saved function.')
  name: string

  @description('What it is called in the portal.')
  title: string

  @description('What it answers.')
  description: string

  @description('Its own parameters, besides environment.')
  parameters: queryParameter[]

  @description('Its text.')
  text: string
}

@export()
@description('The parameters of every query: a workspace may hold the rows of several environments.')
var everyQuery queryParameter[] = [{ name: 'environment', type: 'string', default: '\'\'' }]

@export()
@description('Every query.')
var queries query[] = [
  {
    name: 'OpenFindings'
    title: 'Open findings'
    description: 'Every finding that is open and not muted, worst first, with the command that puts it right.'
    parameters: []
    text: loadTextContent('../queries/OpenFindings.kql')
  }
  {
    name: 'Expiring'
    title: 'What expires soon'
    description: 'Usable credentials that end within so many days, the next one first.'
    parameters: [{ name: 'days', type: 'int', default: '90' }]
    text: loadTextContent('../queries/Expiring.kql')
  }
  {
    name: 'WhoOpens'
    title: 'Who opens a registry'
    description: 'Every credential that opens the registry of this name, usable or not, with what it allows; perhaps it does where the list of its registries was cut.'
    parameters: [{ name: 'registry', type: 'string', default: '\'\'' }]
    text: loadTextContent('../queries/WhoOpens.kql')
  }
  {
    name: 'RegistriesByExposure'
    title: 'Registries by exposure'
    description: 'How many registries can be reached from where, by tier, and how many have the admin account or anonymous pull on.'
    parameters: []
    text: loadTextContent('../queries/RegistriesByExposure.kql')
  }
  {
    name: 'Drift'
    title: 'Drift, with who did it'
    description: 'Changed fields of registries in the last so many days: before, after, expected, and by whom.'
    parameters: [{ name: 'days', type: 'int', default: '30' }]
    text: loadTextContent('../queries/Drift.kql')
  }
  {
    name: 'Coverage'
    title: 'What was swept'
    description: 'The newest sweep of each shard: when, what it saw, and what it could not read.'
    parameters: []
    text: loadTextContent('../queries/Coverage.kql')
  }
  {
    name: 'TimeToFix'
    title: 'Mean time to fix'
    description: 'How long findings were open that were fixed in the last so many days, by check.'
    parameters: [{ name: 'days', type: 'int', default: '30' }]
    text: loadTextContent('../queries/TimeToFix.kql')
  }
  {
    name: 'NeverRotated'
    title: 'Credentials that were not rotated'
    description: 'Usable credentials that have been in use for more than so many days, the oldest first.'
    parameters: [{ name: 'days', type: 'int', default: '365' }]
    text: loadTextContent('../queries/NeverRotated.kql')
  }
  {
    name: 'FindingsByOwner'
    title: 'Findings by owner'
    description: 'Open findings of each owner, whoever has the worst ones first.'
    parameters: []
    text: loadTextContent('../queries/FindingsByOwner.kql')
  }
  {
    name: 'NoiseByCheck'
    title: 'Noise by check'
    description: 'How often findings of each check opened, changed and went away in the last so many days.'
    parameters: [{ name: 'days', type: 'int', default: '30' }]
    text: loadTextContent('../queries/NoiseByCheck.kql')
  }
]
