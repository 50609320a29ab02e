# Sourced by deploy.sh: the steps that change something, each safe to repeat.

archive=
build() {
  step 'build'
  npm run --silent build >&2 || die 'the build failed: nothing was created'
  archive=$root/out/acr-warden-$environment.zip
  node infra/package.ts "$archive"
}

# The key of receiveAlert. There is none before the host has started, which Azure does not tell from a failure.
receiver_key() {
  azure functionapp function keys list --resource-group "$1" --name "$2" --function-name receiveAlert --query default --output tsv
}

deploy_stack() {
  azure stack sub create --name "$stack" --description "acr-warden $environment" "${stack_arguments[@]}" --yes --output none ||
    die 'the deployment failed: see above; mend it and run deploy.sh again'
}

connect_receiver() {
  step 'receiver'
  local key='' attempt
  for ((attempt = 1; attempt <= tries; attempt++)); do
    key=$(receiver_key "$1" "$2" 2>/dev/null) || key=''
    [[ -z $key ]] || break
    ((attempt == tries)) || sleep "$pause"
  done
  [[ -n $key ]] || die "the app did not start: receiveAlert has no key yet. Look at its log stream, then run deploy.sh again${unheard-}"
  [[ $key != "${ACR_WARDEN_RECEIVER_KEY-}" ]] || return 0
  export ACR_WARDEN_RECEIVER_KEY=$key
  deploy_stack
}

# What the deployed app is set to, for a command run here with the caller's own login.
run_preflight() {
  step 'preflight'
  say 'with your own login: what is missing for you may well be granted to the app, whose first sweep tells its own gaps'
  local state endpoint rule customer
  state=$(stack_output stateContainerUrl)
  endpoint=$(stack_output dcrEndpoint)
  rule=$(stack_output dcrRuleId)
  customer=$(stack_output workspaceCustomerId)
  ENVIRONMENT_NAME=$environment DCR_ENDPOINT=$endpoint DCR_RULE_ID=$rule WORKSPACE_ID=$customer \
    AZURE_TENANT_ID=$(azure account show --query tenantId --output tsv) AZURE_CLOUD=$(az cloud show --query name --output tsv) \
    npm run --silent warden -- preflight --strict ${state:+--state "$state"} >&2 || say 'preflight found something: see above'
}

first_sweep() {
  step 'first sweep'
  local app="/subscriptions/$subscription/resourceGroups/$1/providers/Microsoft.Web/sites/$2"
  az rest --method post --url "$app/hostruntime/admin/functions/planSweep?api-version=2024-11-01" --body '{"input":""}' \
    --output none --only-show-errors || say 'it could not be started by hand: the timer starts it, within the interval'
}

# preview_level COMMAND...: what lets that command look without the right to deploy, and so without the right to give rights.
preview_level() {
  local help
  help=$(az "$@" --help 2>/dev/null) || return 0
  if [[ $help == *--validation-level* ]]; then
    printf '%s\n' --validation-level ProviderNoRbac
  else
    say "this az asks of a preview every right of a deployment ('az $*' has no --validation-level): run az upgrade where it is refused"
  fi
}

preview() {
  step 'what would change'
  local level
  if [[ -n $workspace ]]; then
    mapfile -t level < <(preview_level deployment group what-if)
    az deployment group what-if "${table_arguments[@]}" "${level[@]}"
  fi
  if az stack-whatif sub create --help >/dev/null 2>&1; then
    mapfile -t level < <(preview_level stack-whatif sub create)
    azure stack-whatif sub create --name "$stack-preview" --retention-interval PT1H \
      --stack-id "/subscriptions/$subscription/providers/Microsoft.Resources/deploymentStacks/$stack" "${stack_arguments[@]}" "${level[@]}"
  else
    say 'this az has no what-if for stacks: deletions are not shown'
    mapfile -t level < <(preview_level deployment sub what-if)
    azure deployment sub what-if --location "$location" --template-file infra/main.bicep --parameters "$parameter_file" "${level[@]}"
  fi
}

destroy() {
  if [[ $existed == no ]]; then
    say "there is no stack $stack in subscription $subscription: nothing to remove"
    return
  fi
  if [[ $yes != yes ]]; then
    local answer=''
    [[ -t 0 ]] || die '--destroy without a terminal needs --yes'
    read -r -p "This removes $stack from subscription $subscription, its workspace and every row in it. Type $environment to go on: " answer
    [[ $answer == "$environment" ]] || die 'nothing was removed'
  fi
  step 'remove'
  local vault
  vault=$(stack_output vaultName)
  azure stack sub delete --name "$stack" --action-on-unmanage deleteAll --yes || die 'the removal failed: see above, and run it again'
  say "removed. What stays: tables in a workspace that was not ours, a role given by infra/access.bicep${vault:+, and the name of the vault $vault until its retention ends}."
}
