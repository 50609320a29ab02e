metadata description = 'The alert rules on the rows of the workspace: one list and one loop. The queries are files in infra/alerts.'

import { resourceIdText } from 'inputs.bicep'
import { route, ruleSettings } from 'routes.bicep'

@description('Required. The name of the environment: a workspace may hold the rows of several.')
param environmentName string

@description('Required. The region.')
param location string

@description('Required. The hours between two sweeps: every window comes from it.')
param sweepIntervalHours int

@description('Required. The resource id of the workspace with the tables of acr-warden.')
param workspaceId string

@description('Required. The resource id of the workspace with the login events of the registries; empty: no rule looks at them.')
param loginEventsWorkspaceId resourceIdText

@description('Required. The resource id of the identity that the queries run as. Without one they would run as whoever deployed last.')
param identityId string

@description('Required. The resource id of the action group for what has none of its own.')
param actionGroupId string

@description('Required. Which findings are told to whom.')
param routes route[]

@description('Required. What the environment wants otherwise, by the name of the rule.')
param settings ruleSettings

@description('Required. So many open findings of one severity are a storm. Azure tells of 300 at most in one evaluation.')
@minValue(1)
@maxValue(300)
param stormThreshold int

@description('Required. Fewer failed logins in an hour are never told.')
@minValue(1)
param loginFailures int

@description('Required. Tags.')
param tags { *: string }

var severities = { critical: 1, high: 2, medium: 3 }
var openFindings = loadTextContent('../alerts/open-findings.kql')
var findingQuery = loadTextContent('../alerts/finding.kql')
// A route of every category asks for none, so that a category of the future is not left out.
var categoryFilter = '| where Category in (\'{categories}\')\n'

var findingRules = flatten(map(
  routes,
  route =>
    map(route.severities, severity => {
      name: 'finding-${severity}${route.name == 'all' ? '' : '-${route.name}'}'
      severity: severities[severity]
      title: 'a ${severity} finding is open'
      told: empty(route.categories) ? 'Severity == \'${severity}\'' : '(Severity == \'${severity}\' and Category in (\'${join(route.categories, '\', \'')}\'))'
      advice: 'Run the command in the column Fix of AcrWardenFindings_CL for this FindingId, or "acr-warden report" for the whole story. The alert resolves after the sweep that no longer finds it. To live with it, write an exception with an owner and an end into warden.yaml. See docs/runbook.md.'
      query: '${openFindings}${replace(replace(findingQuery, categoryFilter, empty(route.categories) ? '' : replace(categoryFilter, '{categories}', join(route.categories, '\', \''))), '{severity}', severity)}'
      dimensions: ['FindingId', 'FindingTitle', 'RegistryName', 'Subject', 'ExpiresOn', 'Owners']
      measure: null
      operator: 'GreaterThan'
      threshold: 0
      actionGroups: empty(route.actionGroups) ? [actionGroupId] : route.actionGroups
    })
))

// What no rule tells of is no storm of alerts.
var told = map(filter(findingRules, rule => settings[?rule.name].?enabled ?? true), rule => rule.told)

var ownRules = [
  {
    name: 'finding-storm'
    severity: 1
    title: 'many findings of one severity are open'
    advice: 'Something common to many registries changed: look at the query "Noise by check" and mend the cause, not each finding. Azure tells of 300 findings at most in one evaluation, so single alerts may be missing: docs/runbook.md.'
    query: '${openFindings}${replace(loadTextContent('../alerts/finding-storm.kql'), '{told}', empty(told) ? 'false' : join(told, ' or '))}'
    dimensions: ['Severity']
    measure: 'OpenFindings'
    operator: 'GreaterThan'
    threshold: stormThreshold
    actionGroups: [actionGroupId]
  }
  {
    name: 'sweep-missing'
    severity: 1
    title: 'no sweep was finished in time'
    advice: 'Nothing is being watched. Look at the functions planSweep and closeSweep in Application Insights, and at the poison queues: docs/runbook.md. After a day and a half without rows the first, and after two days every other alert resolves, which then means nothing.'
    query: replace(loadTextContent('../alerts/sweep-missing.kql'), '{window}', '${2 * 60 * sweepIntervalHours + 45}m')
    dimensions: []
    measure: null
    operator: 'LessThan'
    threshold: 1
    actionGroups: [actionGroupId]
  }
  {
    name: 'sweep-incomplete'
    severity: 2
    title: 'a shard was not swept twice in a row'
    advice: 'Shard is a subscription, or tenant. Its findings stay as they were last seen. Look at the function sweepShard (sweepTenant for tenant) in Application Insights and at the rows of this Shard in AcrWardenSweeps_CL: docs/runbook.md.'
    query: loadTextContent('../alerts/sweep-incomplete.kql')
    dimensions: ['Shard']
    measure: null
    operator: 'GreaterThan'
    threshold: 0
    actionGroups: [actionGroupId]
  }
  {
    name: 'coverage-dropped'
    severity: 2
    title: 'fewer registries or subscriptions are seen than a day ago'
    advice: 'Shard is a subscription that shows fewer registries, or plan for fewer subscriptions. Was a right taken from the identity? "acr-warden preflight" names it. What was left out on purpose stops being told after a day. See docs/runbook.md.'
    query: loadTextContent('../alerts/coverage-dropped.kql')
    dimensions: ['Shard']
    measure: 'Missing'
    operator: 'GreaterThan'
    threshold: 0
    actionGroups: [actionGroupId]
  }
  {
    name: 'rows-undelivered'
    severity: 2
    title: 'rows wait in the spool, or were dropped from it'
    advice: 'They are sent again with each closing of a sweep; those set aside need somebody to look at them. What is older than seven days, or more than 512 MiB, is dropped and told of for two days: RowsDropped of the closed row counts it. Look at the data collection rule and at the right Monitoring Metrics Publisher: docs/runbook.md.'
    query: loadTextContent('../alerts/rows-undelivered.kql')
    dimensions: []
    measure: 'Rows'
    operator: 'GreaterThan'
    threshold: 0
    actionGroups: [actionGroupId]
  }
]

var loginRules = loginEventsWorkspaceId == ''
  ? []
  : [
      {
        name: 'admin-account-used'
        severity: 2
        title: 'somebody logged in as the admin account of a registry'
        advice: 'One shared password with push rights. See who in ContainerRegistryLoginEvents (CallerIpAddress), give that client an identity of its own, then: az acr update --admin-enabled false. See docs/runbook.md and docs/checks/admin-account-enabled.md.'
        query: loadTextContent('../alerts/admin-account-used.kql')
        dimensions: ['LoginServer']
        measure: 'Logins'
        operator: 'GreaterThan'
        threshold: 0
        actionGroups: [actionGroupId]
      }
      {
        name: 'login-failures-rising'
        severity: 3
        title: 'more logins to a registry fail than usual'
        advice: 'A credential has probably ended, or the network was closed: "acr-warden report --registry <name>" has what is open there. See Identity and ResultDescription in ContainerRegistryLoginEvents: docs/runbook.md. An outage that lasts becomes what is usual, and the alert resolves in the middle of it.'
        query: replace(loadTextContent('../alerts/login-failures-rising.kql'), '{failures}', string(loginFailures))
        dimensions: ['LoginServer']
        measure: 'Failures'
        operator: 'GreaterThan'
        threshold: 0
        actionGroups: [actionGroupId]
      }
    ]

var loginRuleNames = map(loginRules, rule => rule.name)

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in concat(findingRules, ownRules, loginRules): {
    name: rule.name
    location: location
    tags: tags
    kind: 'LogAlert'
    identity: {
      type: 'UserAssigned'
      userAssignedIdentities: { '${identityId}': {} }
    }
    properties: {
      displayName: 'acr-warden ${environmentName}: ${rule.title}'
      description: rule.advice
      severity: settings[?rule.name].?severity ?? rule.severity
      enabled: settings[?rule.name].?enabled ?? true
      scopes: [contains(loginRuleNames, rule.name) ? loginEventsWorkspaceId : workspaceId]
      targetResourceTypes: ['Microsoft.OperationalInsights/workspaces']
      evaluationFrequency: 'PT15M'
      windowSize: 'PT1H'
      // As far back as Azure looks, and as the queries do: the newest row of a finding may be twelve hours old.
      overrideQueryTimeRange: 'P2D'
      criteria: {
        allOf: [
          {
            query: replace(rule.query, '{environment}', environmentName)
            timeAggregation: rule.measure == null ? 'Count' : 'Maximum'
            metricMeasureColumn: rule.measure
            dimensions: map(rule.dimensions, dimension => { name: dimension, operator: 'Include', values: ['*'] })
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true
      checkWorkspaceAlertsStorageConfigured: false
      // The table of login events is there once a registry has sent its first one, which may be after this deployment.
      skipQueryValidation: contains(loginRuleNames, rule.name)
      actions: {
        actionGroups: rule.actionGroups
        customProperties: {
          environment: environmentName
          rule: rule.name
          advice: rule.advice
        }
      }
    }
  }
]
