metadata description = 'Alerts on the metrics of registries: they fill up, or pulls stop.'

import { watchedRegistry } from 'routes.bicep'

@description('Required. The registries that are watched.')
param registries watchedRegistry[]

@description('Required. The name of the environment.')
param environmentName string

@description('Required. The resource id of the action group.')
param actionGroupId string

@description('Required. Tags.')
param tags { *: string }

var levels = [
  { percent: 70, severity: 3 }
  { percent: 90, severity: 2 }
]

var storageAlerts = flatten(map(
  registries,
  registry =>
    map(levels, level => {
      name: 'storage-${level.percent}-${last(split(registry.id, '/'))}'
      registryId: registry.id
      severity: level.severity
      description: '${last(split(registry.id, '/'))} uses more than ${level.percent} % of the ${registry.storageGiB} GiB that its tier includes; more is billed by the day. Remove untagged manifests: az acr run --cmd "acr purge …".'
      bytes: level.percent * registry.storageGiB * 1024 * 1024 * 1024 / 100
    })
))

resource storage 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for alert in storageAlerts: {
    name: alert.name
    location: 'global'
    tags: tags
    properties: {
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [alert.registryId]
      evaluationFrequency: 'PT1H'
      windowSize: 'PT1H'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'StorageUsed'
            metricNamespace: 'Microsoft.ContainerRegistry/registries'
            metricName: 'StorageUsed'
            timeAggregation: 'Average'
            operator: 'GreaterThan'
            threshold: alert.bytes
          }
        ]
      }
      actions: [
        {
          actionGroupId: actionGroupId
          // A call need not name its rule's id: by this the receiver knows it as ours.
          webHookProperties: { environment: environmentName, rule: alert.name }
        }
      ]
    }
  }
]

// Container Registry has no metric of failed pulls: those that succeed fall below what is usual at this hour.
resource pulls 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for registry in registries: {
    name: 'pulls-failing-${last(split(registry.id, '/'))}'
    location: 'global'
    tags: tags
    properties: {
      description: 'Fewer pulls from ${last(split(registry.id, '/'))} succeed than is usual at this hour: "acr-warden report --registry ${last(split(registry.id, '/'))}" has what is open there. See docs/runbook.md.'
      severity: 3
      enabled: true
      scopes: [registry.id]
      evaluationFrequency: 'PT15M'
      windowSize: 'PT1H'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'DynamicThresholdCriterion'
            name: 'SuccessfulPullCount'
            metricNamespace: 'Microsoft.ContainerRegistry/registries'
            metricName: 'SuccessfulPullCount'
            timeAggregation: 'Total'
            operator: 'LessThan'
            alertSensitivity: 'Medium'
            failingPeriods: { numberOfEvaluationPeriods: 4, minFailingPeriodsToAlert: 3 }
          }
        ]
      }
      actions: [
        {
          actionGroupId: actionGroupId
          webHookProperties: {
            environment: environmentName
            rule: 'pulls-failing-${last(split(registry.id, '/'))}'
          }
        }
      ]
    }
  }
]
