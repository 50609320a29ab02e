using '../main.bicep'

// A place to try things: swept four times a day, kept for a month, removed and made again at will.
param environmentName = 'dev'
param location = 'westeurope'
param sweepIntervalHours = 6
param retentionDays = 30
param totalRetentionDays = 30
param maximumInstances = 40
param instanceMemoryMB = 512

param auditedSubscriptions = [
  '00000000-0000-0000-0000-000000000000'
]
param policyVaults = []
param probedRegistries = []

// Whoever runs deploy.sh must be among them, or the policy cannot be uploaded.
param operators = []

param alertEmails = [
  'dev-team@example.com'
]
param teams = false
// Nobody is woken for a place to try things.
param alertSettings = {
  'finding-medium': { enabled: false }
  'sweep-missing': { severity: 3 }
}
param routes = []
param loginEventsWorkspaceId = ''
param watchedRegistries = []
param activityAlertGroups = []
param vaultPurgeProtection = false

// A new workspace; the app calls out from the open internet.
param workspaceId = ''
param subnetId = ''

param denySettings = 'none'
param receiverKey = readEnvironmentVariable('ACR_WARDEN_RECEIVER_KEY', '')

param tags = {
  environment: 'dev'
}
