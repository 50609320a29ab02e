metadata description = 'What a parameter of main.bicep may be.'

@export()
@description('The id of a subscription: 36 characters.')
@minLength(36)
@maxLength(36)
type subscriptionId = string

@export()
@description('A full resource id, or empty.')
@maxLength(1024)
type resourceIdText = string

@export()
@description('A registry whose login path is probed.')
type probedRegistry = {
  @description('The resource id of the registry.')
  id: resourceIdText

  @description('Whether the registry is in ABAC mode (roleAssignmentMode AbacRepositoryPermissions), where AcrPull is not honoured.')
  abac: bool
}

@export()
@description('Somebody who may change the policy and the accepted baselines, and read the state.')
type operator = {
  @description('The object id in Entra.')
  @minLength(36)
  @maxLength(36)
  principalId: string

  @description('What it is: a service principal for a pipeline.')
  principalType: 'User' | 'Group' | 'ServicePrincipal'
}
