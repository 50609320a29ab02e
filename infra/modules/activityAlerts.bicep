metadata description = 'Alerts on the activity log of the subscription they stand in: it is the only one that such an alert sees.'

@description('Required. What every name ends in: the name of the environment, and more where others may have alerts beside ours.')
param nameEnding string

@description('Required. The resource id of the action group.')
param actionGroupId string

@description('Required. The resource group whose alert rules are ours; empty: none are in this subscription.')
param rulesGroupId string

@description('Required. Tags.')
param tags { *: string }

var registries = { field: 'resourceType', equals: 'Microsoft.ContainerRegistry/registries' }

var alerts = concat(
  [
    {
      name: 'admin-password-read'
      description: 'Somebody read the admin password of a registry. acr-warden never does. Ask the caller; if it was not expected: az acr credential renew, then az acr update --admin-enabled false. See docs/runbook.md.'
      scope: subscription().id
      conditions: [
        { field: 'category', equals: 'Administrative' }
        registries
        { field: 'operationName', equals: 'Microsoft.ContainerRegistry/registries/listCredentials/action' }
        { field: 'status', equals: 'Succeeded' }
      ]
    }
    {
      name: 'admin-password-rotated'
      description: 'Somebody made a new admin password for a registry: whoever still uses the old one is locked out.'
      scope: subscription().id
      conditions: [
        { field: 'category', equals: 'Administrative' }
        registries
        { field: 'operationName', equals: 'Microsoft.ContainerRegistry/registries/regenerateCredential/action' }
        { field: 'status', equals: 'Succeeded' }
      ]
    }
    {
      name: 'registry-service-health'
      description: 'Azure reports a problem of Container Registry itself: failing pulls may not be your doing.'
      scope: subscription().id
      conditions: [
        { field: 'category', equals: 'ServiceHealth' }
        { field: 'properties.impactedServices[*].ServiceName', containsAny: ['Container Registry'] }
      ]
    }
  ],
  rulesGroupId == ''
    ? []
    : [
        {
          name: 'alert-rule-unhealthy'
          description: 'An alert rule of acr-warden cannot be evaluated. Azure switches a rule off that fails for a week. See its Resource health, and the right Log Analytics Reader of its identity.'
          scope: rulesGroupId
          conditions: [
            { field: 'category', equals: 'ResourceHealth' }
            { field: 'resourceType', equals: 'Microsoft.Insights/scheduledQueryRules' }
            {
              anyOf: [
                { field: 'properties.currentHealthStatus', equals: 'Degraded' }
                { field: 'properties.currentHealthStatus', equals: 'Unavailable' }
              ]
            }
          ]
        }
      ]
)

resource activityAlerts 'Microsoft.Insights/activityLogAlerts@2020-10-01' = [
  for alert in alerts: {
    name: '${alert.name}-${nameEnding}'
    location: 'Global'
    tags: tags
    properties: {
      description: alert.description
      enabled: true
      scopes: [alert.scope]
      condition: { allOf: alert.conditions }
      actions: { actionGroups: [{ actionGroupId: actionGroupId }] }
    }
  }
]
