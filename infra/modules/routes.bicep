metadata description = 'What the alerts of an environment may be told: which findings go to whom, and how loud a rule is.'

import { resourceIdText } from 'inputs.bicep'

@export()
@description('Which findings are told to which action groups. A finding that fits several routes is told on each.')
type route = {
  @description('The name of the route: lower-case letters, digits and hyphens; part of the name of its rules. The rules of the route all have no suffix.')
  @minLength(1)
  @maxLength(24)
  name: string

  @description('Only findings of these categories; empty: of every category.')
  categories: ('access' | 'coverage' | 'credentials' | 'hygiene' | 'network' | 'operations')[]

  @description('Findings of these severities: a rule is made for each.')
  severities: ('critical' | 'high' | 'medium')[]

  @description('The resource ids of the action groups, at most five; empty: the one of this deployment.')
  @maxLength(5)
  actionGroups: resourceIdText[]
}

@export()
@description('One route for everything.')
var oneRoute route[] = [
  { name: 'all', categories: [], severities: ['critical', 'high', 'medium'], actionGroups: [] }
]

@export()
@description('What an environment wants otherwise of one rule.')
type ruleSetting = {
  @description('Whether the rule runs; absent: it does.')
  enabled: bool?

  @description('From 0, the worst, to 4; absent: as in docs/alerts.md.')
  @minValue(0)
  @maxValue(4)
  severity: int?
}

@export()
@description('What an environment wants otherwise, by the name of the rule.')
type ruleSettings = { *: ruleSetting }

@export()
@description('A registry whose metrics are watched.')
type watchedRegistry = {
  @description('The resource id of the registry.')
  id: resourceIdText

  @description('The storage that its tier includes, in GiB: 10 for Basic, 100 for Standard, 500 for Premium. More is billed.')
  @minValue(1)
  storageGiB: int
}
