# Sourced by deploy.sh: what a deployment must not take away.

# A stack deletes what it no longer holds: moving to another workspace must not delete the rows so far.
# Whether there is one is asked for by itself: a read that failed must not pass for a stack that is not there.
check_workspace_kept() {
  [[ -n $workspace ]] || return 0
  local stacks before
  stacks=$(azure stack sub list --query '[].name' --output tsv) || die 'cannot list the deployment stacks of the subscription'
  grep -qixF -- "$stack" <<<"$stacks" || return 0
  before=$(azure stack sub show --name "$stack" --query outputs.workspaceId.value --output tsv) || die "cannot read the stack $stack"
  if [[ ${before,,} == */resourcegroups/rg-acr-warden-$environment/* ]]; then
    die "with workspaceId set, the stack would delete $before and every row in it: see 'Moving to another workspace' in docs/operations.md"
  fi
}

# The workspaces in the resource group of the environment, whether or not a stack knows them.
own_workspaces() {
  local all
  all=$(azure resource list --resource-type Microsoft.OperationalInsights/workspaces --query '[].id' --output tsv) || return 1
  grep -i "/resourcegroups/rg-acr-warden-$environment/" <<<"$all" || true
}

# A table's columns are written as a whole: what this commit does not know, an older one perhaps, would be deleted with its data.
check_tables_kept() {
  step 'tables'
  local whose=shared places=$workspace place tables lost
  if [[ -z $workspace ]]; then
    whose=ours
    places=$(own_workspaces) || die 'cannot list the workspaces of the subscription'
  fi
  for place in $places; do
    tables=$(az rest --method get --url "$place/tables?api-version=2025-07-01" --only-show-errors --output json \
      --query "value[?starts_with(name, 'AcrWarden')]") || die "cannot read the tables of $place"
    lost=$(node infra/losses.ts "$whose" <<<"$tables") || die "cannot tell what the tables of $place have"
    [[ -z $lost || $drop_columns == yes ]] ||
      die "this commit does not know, and would delete with all data: ${lost//$'\n'/, }. See 'Upgrade' in docs/operations.md, or --drop-columns"
  done
}
