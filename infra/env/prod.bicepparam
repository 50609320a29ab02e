using '../main.bicep'

// Swept every hour; 30 days at hand and two years in the archive; nobody but the deployment removes anything.
param environmentName = 'prod'
param location = 'westeurope'
param sweepIntervalHours = 1
param retentionDays = 30
param totalRetentionDays = 730
param maximumInstances = 100
param instanceMemoryMB = 2048

param auditedSubscriptions = [
  '00000000-0000-0000-0000-000000000000'
]
param policyVaults = []
param probedRegistries = []

// Whoever runs deploy.sh must be among them, or the policy cannot be uploaded.
param operators = []

param alertEmails = [
  'platform-oncall@example.com'
]
param teams = true
// Every rule as docs/alerts.md has it, and everything to everybody named above.
param alertSettings = {}
param routes = []
// Where the registries send their login events; the registries whose storage and pulls are watched; a resource group in
// each other audited subscription, for the alerts on its activity log.
param loginEventsWorkspaceId = ''
param watchedRegistries = []
param activityAlertGroups = []
// The name of the vault stays taken for 90 days after a removal: see docs/operations.md.
param vaultPurgeProtection = true

// A new workspace; the app calls out from the open internet.
param workspaceId = ''
param subnetId = ''

param denySettings = 'denyDelete'
param receiverKey = readEnvironmentVariable('ACR_WARDEN_RECEIVER_KEY', '')

param tags = {
  environment: 'prod'
}
