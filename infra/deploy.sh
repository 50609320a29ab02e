#!/usr/bin/env bash
# Deploys, previews or removes one environment of acr-warden. Whatever step it stops at, it can simply be run again.
# docs/operations.md has the same steps as plain commands.
set -euo pipefail

usage() {
  cat >&2 <<'TEXT'
usage: infra/deploy.sh ENV [--what-if | --destroy [--yes]] [--subscription ID] [--policy FILE] [--drop-columns]
                       [--shorten-retention]
  ENV                  dev, prod: the name of a file in infra/env
  --what-if            show what would change, and change nothing
  --destroy            remove everything that was deployed; asks for the name of the environment unless --yes
  --subscription       the subscription to deploy to; otherwise the current one of az
  --policy             the policy to upload over the one that is there; otherwise warden.yaml, where there is none
  --drop-columns       delete columns that this commit does not know, with their data
  --shorten-retention  keep the rows of an existing workspace for less time than they are kept now
TEXT
}

say() { printf '%s\n' "$*" >&2; }
step() { say "== $*"; }
die() {
  say "deploy.sh: $*"
  exit 1
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
environment='' mode=deploy yes=no subscription='' policy='' drop_columns=no shorten=no
while (($#)); do
  case $1 in
    --what-if) mode=preview ;;
    --destroy) mode=destroy ;;
    --yes) yes=yes ;;
    --drop-columns) drop_columns=yes ;;
    --shorten-retention) shorten=yes ;;
    --subscription | --policy)
      (($# > 1)) || die "$1 needs a value"
      if [[ $1 == --policy ]]; then policy=$(realpath -m -- "$2"); else subscription=$2; fi
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    -*)
      usage
      die "unknown option $1"
      ;;
    *)
      [[ -z $environment ]] || die "one environment at a time, not $environment and $1"
      environment=$1
      ;;
  esac
  shift
done
if [[ -z $environment ]]; then
  usage
  die 'which environment?'
fi

cd "$root"
parameter_file=infra/env/$environment.bicepparam
stack=acr-warden-$environment
# How often, and how many seconds apart, something is tried that Azure has not finished yet: ten minutes.
pause=${ACR_WARDEN_PAUSE:-15}
tries=${ACR_WARDEN_TRIES:-40}

# Every call names the subscription: the current one of az may change meanwhile.
azure() { az "$@" --subscription "$subscription" --only-show-errors; }
# Whether there is a stack is asked for by itself: a read that failed must not pass for a stack that is not there.
existed=no
find_stack() {
  local stacks
  stacks=$(azure stack sub list --query '[].name' --output tsv) || die 'cannot list the deployment stacks of the subscription'
  ! grep -qixF -- "$stack" <<<"$stacks" || existed=yes
}
read_stack() { azure stack sub show --name "$stack" --query "$1" --output tsv || die "cannot read the stack $stack"; }
# Empty before there is a stack, and where it has no such output.
stack_output() { [[ $existed == no ]] || read_stack "outputs.$1.value"; }

# shellcheck source=infra/deploy/checks.sh
source infra/deploy/checks.sh
# shellcheck source=infra/deploy/kept.sh
source infra/deploy/kept.sh
# shellcheck source=infra/deploy/policy.sh
source infra/deploy/policy.sh
# shellcheck source=infra/deploy/steps.sh
source infra/deploy/steps.sh

check_tools
check_login
find_stack
if [[ $mode == destroy ]]; then
  destroy
  exit 0
fi
[[ $mode == preview ]] || fetch_tokens
install_packages
read_parameters
check_region
# A preview is also for those who may not deploy.
[[ $mode == preview ]] || check_permission
check_workspace_kept
check_tables_kept
check_policy
stack_arguments=(--location "$location" --template-file infra/main.bicep --parameters "$parameter_file"
  --action-on-unmanage deleteResources --deny-settings-mode "$deny")
table_arguments=()
if [[ -n $workspace ]]; then
  IFS=/ read -r _ _ workspace_subscription _ workspace_group _ _ _ workspace_name <<<"$workspace"
  table_arguments=(--subscription "$workspace_subscription" --resource-group "$workspace_group" --name acr-warden-tables
    --template-file infra/modules/tables.bicep --only-show-errors --parameters "workspaceName=$workspace_name"
    "retentionDays=$retention" "totalRetentionDays=$total_retention")
fi
keep_receiver
if [[ $mode == preview ]]; then
  preview_policy
  preview
  exit 0
fi

build
step 'stack'
if [[ -n $workspace ]]; then
  az deployment group create "${table_arguments[@]}" --output none || die 'the tables could not be made in the workspace: see above'
fi
deploy_stack
existed=yes
group=$(stack_output resourceGroupName)
app=$(stack_output appName)
principal=$(stack_output principalId)
storage=$(stack_output storageName)
[[ -n $group && -n $app && -n $principal && -n $storage ]] || die 'the stack cannot be read back: run deploy.sh again'
upload_policy "$storage"
step 'code'
azure functionapp deployment source config-zip --resource-group "$group" --name "$app" --src "$archive" --output none ||
  die "the code could not be deployed: see above, and run deploy.sh again${unheard-}"
connect_receiver "$group" "$app"
step 'Microsoft Graph'
infra/grant-graph.sh "$principal" || say 'until then, what needs Graph is reported as a gap'
run_preflight
first_sweep "$group" "$app"

say "Deployed. Everything is in the resource group $group."
say "Rows arrive in the workspace $(stack_output workspaceId) within minutes; the very first ones may take 15:"
say "  AcrWardenSweeps_CL | where RowKind == 'closed' | top 5 by SweptAt"
