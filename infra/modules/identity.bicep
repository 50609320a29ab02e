metadata description = 'The one identity that acr-warden acts as.'

@description('Required. The name of the identity.')
@minLength(3)
@maxLength(128)
param name string

@description('Required. The region.')
param location string

@description('Required. Tags.')
param tags { *: string }

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('The object id of the identity, which rights are given to.')
output principalId string = identity.properties.principalId

@description('The client id of the identity, which the app names when it asks for a token.')
output clientId string = identity.properties.clientId
