# Sourced by deploy.sh: what a deployment must not take away.

# own TYPE [NAME]: the ids of what the resource group of the environment has of that type, with names that begin so, whether or
# not a stack knows of it: after a deployment that failed the stack may have no outputs.
own() {
  local all
  all=$(azure resource list --resource-type "$1" --query '[].id' --output tsv) || die "cannot list what there is of $1"
  grep -iE "/resourcegroups/rg-acr-warden-$environment/.*/${2-}[^/]*$" <<<"$all" || true
}

# A stack deletes what it no longer holds: moving to another workspace must not delete the rows so far.
# Its own list says what it holds. A deployment that failed may leave it without one; then what is there counts.
check_workspace_kept() {
  [[ -n $workspace && $existed == yes ]] || return 0
  local held before
  held=$(read_stack '[resources[].id, [outputs.workspaceId.value]][]')
  if [[ $held != */subscriptions/* ]]; then
    held=$(own Microsoft.OperationalInsights/workspaces)
  fi
  before=$(grep -iE "/resourcegroups/rg-acr-warden-$environment/.*/workspaces/[^/]+$" <<<"$held" | head -n 1) || return 0
  die "with workspaceId set, the stack would delete $before and every row in it: see 'Moving to another workspace' in docs/operations.md"
}

# A table's columns are written as a whole: what this commit does not know, an older one perhaps, would be deleted with its data.
# Whoever shares a workspace shares its tables, and with them how long rows are kept: Azure removes what was shortened after 30 days.
check_tables_kept() {
  step 'tables'
  local whose=shared places=$workspace place tables lost
  if [[ -z $workspace ]]; then
    whose=ours
    places=$(own Microsoft.OperationalInsights/workspaces)
  fi
  for place in $places; do
    tables=$(az rest --method get --url "$place/tables?api-version=2025-07-01" --only-show-errors --output json \
      --query "value[?starts_with(name, 'AcrWarden')]") || die "cannot read the tables of $place"
    lost=$(node infra/losses.ts "$whose" <<<"$tables") || die "cannot tell what the tables of $place have"
    [[ -z $lost || $drop_columns == yes ]] ||
      die "this commit does not know, and would delete with all data: ${lost//$'\n'/, }. See 'Upgrade' in docs/operations.md, or --drop-columns"
    [[ $whose == shared && $shorten == no ]] || continue
    lost=$(node infra/losses.ts days "$retention" "$total_retention" <<<"$tables") || die "cannot tell how long the tables of $place keep rows"
    [[ -z $lost ]] ||
      die "rows would be kept for $retention / $total_retention days only: ${lost//$'\n'/, }. Raise retentionDays and totalRetentionDays in $parameter_file, or --shorten-retention"
  done
}

# Without the key of receiveAlert the next deployment of the stack takes the receiver out of the action group, until the step
# 'receiver' puts it back. An app that does not start has no key, and only a deployment can mend that: it is told, and goes on.
keep_receiver() {
  local app group receivers
  app=$(own Microsoft.Web/sites "acr-warden-$environment-")
  # Application Insights puts an action group of its own beside ours.
  group=$(own Microsoft.Insights/actionGroups "ag-acr-warden-$environment")
  [[ -n $app && -n $group ]] || return 0
  ACR_WARDEN_RECEIVER_KEY=$(receiver_key "rg-acr-warden-$environment" "${app##*/}") || ACR_WARDEN_RECEIVER_KEY=''
  export ACR_WARDEN_RECEIVER_KEY
  [[ -z $ACR_WARDEN_RECEIVER_KEY ]] || return 0
  receivers=$(az rest --method get --url "$group?api-version=2023-01-01" --only-show-errors --output tsv \
    --query 'properties.azureFunctionReceivers[].name') || die "the key of receiveAlert cannot be read, nor whether $group calls it"
  if [[ -z $receivers ]]; then
    say 'receiveAlert has no key yet, and nobody calls it'
  elif [[ $mode == preview ]]; then
    say 'the key of receiveAlert cannot be read with your login: what follows takes the receiver out, which a deployment does not'
  else
    say 'the key of receiveAlert cannot be read: until the step "receiver" nobody calls the app, and no cards are posted'
    unheard=': until then nobody calls receiveAlert, and no cards are posted'
  fi
}
