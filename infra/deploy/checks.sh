# Sourced by deploy.sh: everything that is checked before anything is created.

check_tools() {
  step 'tools'
  command -v az >/dev/null || die 'az is not installed: https://aka.ms/azure-cli'
  command -v npm >/dev/null || die 'npm is not installed: it comes with Node.js, https://nodejs.org'
  local version
  version=$(az version --query '"azure-cli"' --output tsv) || die 'az does not run: see above'
  # Deployment stacks came with 2.61.
  [[ $(printf '2.61.0\n%s\n' "$version" | sort -V | head -n 1) == 2.61.0 ]] || die "az is $version, and 2.61.0 is needed: run az upgrade"
}

# The packages of the lockfile, and with them the Node.js that the scripts in infra run on.
install_packages() {
  step 'packages'
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || die 'npm ci failed: see above'
  PATH=$root/node_modules/.bin:$PATH
}

check_login() {
  step 'login'
  local chosen=()
  [[ -z $subscription ]] || chosen=(--subscription "$subscription")
  subscription=$(az account show "${chosen[@]}" --query id --output tsv --only-show-errors) ||
    die 'az is not logged in, or does not see that subscription: run az login'
  say "subscription: $(azure account show --query name --output tsv) ($subscription)"
}

# A pipeline logs in with an assertion that is taken for five minutes, and az asks for each token when it is needed first, but keeps
# it for an hour. So what is needed last is asked for now, by the very names that az storage and az ad use.
fetch_tokens() {
  azure account get-access-token --scope https://storage.azure.com/.default --output none ||
    die 'there is no token for Azure Storage, where the policy is: see above'
  azure account get-access-token --resource-type ms-graph --output none || say 'there is no token for Microsoft Graph: see above'
}

location='' deny='' workspace='' retention='' total_retention='' operators='' needs=()
read_parameters() {
  step 'parameters'
  [[ -f $parameter_file ]] || die "there is no $parameter_file"
  local built lines name value audited
  built=$(az bicep build-params --file "$parameter_file" --stdout --only-show-errors) || die "$parameter_file does not build: see above"
  lines=$(node infra/environment.ts "$environment" "$subscription" <<<"$built") || die 'nothing was created'
  while IFS='=' read -r name value; do
    case $name in
      location) location=$value ;;
      denySettings) deny=$value ;;
      workspaceId) workspace=$value ;;
      retentionDays) retention=$value ;;
      totalRetentionDays) total_retention=$value ;;
      audited) audited=$value ;;
      operators) operators=$value ;;
      need) needs+=("$value") ;;
    esac
  done <<<"$lines"
  ((audited)) || say 'no subscription is audited by this deployment: deploy infra/access.bicep to a management group as well'
}

check_region() {
  step 'region'
  local regions found
  regions=$(azure functionapp list-flexconsumption-locations --query '[].name' --output tsv) || die 'cannot list the regions of Flex Consumption'
  tr -d ' ' <<<"${regions,,}" | grep -qx "$location" || die "Flex Consumption is not offered in $location: choose another location in $parameter_file"
  [[ -n $workspace ]] || return 0
  found=$(az resource show --ids "$workspace" --query location --output tsv --only-show-errors) || die "cannot read the workspace $workspace"
  found=$(tr -d ' ' <<<"${found,,}")
  [[ $found == "$location" ]] || die "the workspace is in $found and the location is $location: a data collection rule must be in the region of its workspace"
}

# check_rights SCOPE [--data] ACTION...: what the caller may do there, as Azure itself evaluates it.
check_rights() {
  local answer
  answer=$(az rest --method get --url "$1/providers/Microsoft.Authorization/permissions?api-version=2022-04-01" \
    --only-show-errors --output json) || die "cannot read what you may do at $1: does it exist, in this tenant?"
  node infra/caller.ts "$@" <<<"$answer"
}

check_permission() {
  step 'permission'
  local need words lacking=0 account
  for need in "${needs[@]}"; do
    read -ra words <<<"$need"
    say "needed at ${words[0]}: ${words[*]:1}"
    check_rights "${words[@]}" || lacking=1
  done
  if ((operators == 0)); then
    account=$(own Microsoft.Storage/storageAccounts acrw)
    check_rights "${account:-/subscriptions/$subscription}" --data Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write || {
      say "operators of $parameter_file is empty, so nobody could upload a policy: put yourself there"
      lacking=1
    }
  fi
  ((lacking == 0)) || die 'nothing was created'
}
