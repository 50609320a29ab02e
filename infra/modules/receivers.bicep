metadata description = 'Who is told of an alert: people by e-mail, and the function that makes the incident report.'

@description('Required. The name of the action group.')
@minLength(1)
@maxLength(260)
param name string

@description('Required. Who gets a mail. Azure asks each new address to confirm itself within 30 minutes.')
@minLength(1)
param emails string[]

@description('Required. The resource id of the Function App.')
param appId string

@description('Required. The host name of the Function App.')
param appHostName string

@description('Required. The key of receiveAlert; empty until the app has started once: then nobody is called but people.')
@secure()
param receiverKey string

@description('Required. Tags.')
param tags { *: string }

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'Global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'acr-warden'
    emailReceivers: [
      for email in emails: {
        name: email
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
    azureFunctionReceivers: receiverKey == ''
      ? []
      : [
          {
            name: 'receiveAlert'
            functionAppResourceId: appId
            functionName: 'receiveAlert'
            httpTriggerUrl: 'https://${appHostName}/api/receiveAlert?code=${receiverKey}'
            useCommonAlertSchema: true
          }
        ]
  }
}

@description('The resource id of the action group.')
output id string = group.id
