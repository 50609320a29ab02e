#!/usr/bin/env bash
# Grants the auditor's identity what it reads in Microsoft Graph. Can be run twice: what is granted is left alone.
# Who runs it must be Privileged Role Administrator or Global Administrator of the tenant. Needs az only.
set -euo pipefail

usage='usage: infra/grant-graph.sh PRINCIPAL_ID   (the output principalId of the deployment)'
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
principal=${1-}
graph_app=00000003-0000-0000-c000-000000000000

say() { printf '%s\n' "$*" >&2; }

if [[ ! $principal =~ ^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$ ]]; then
  say "grant-graph.sh: '$principal' is not an object id"
  say "$usage"
  exit 1
fi

if ! graph=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv --only-show-errors); then
  say 'grant-graph.sh: az is not installed or does not work'
  exit 1
fi
graph=${graph%/}

if ! resource=$(az ad sp show --id "$graph_app" --query id --output tsv --only-show-errors); then
  say 'grant-graph.sh: cannot read the service principal of Microsoft Graph; are you logged in? Run: az login'
  exit 1
fi
assignments="$graph/v1.0/servicePrincipals/$principal/appRoleAssignments"
if ! granted=$(az rest --method get --url "$assignments" --query 'value[].appRoleId' --output tsv --only-show-errors); then
  say "grant-graph.sh: cannot read what $principal has; is it the principalId of the deployment, in this tenant?"
  exit 1
fi

failed=0
# On a descriptor of its own: az must not read from it.
while IFS= read -r line <&3; do
  permission=${line%%: *}
  role=$(az ad sp show --id "$graph_app" --output tsv --only-show-errors \
    --query "appRoles[?value=='$permission' && contains(allowedMemberTypes, 'Application')].id | [0]")
  if [[ -z $role ]]; then
    say "grant-graph.sh: Microsoft Graph of this cloud does not know $permission"
    failed=1
  elif grep -qix "$role" <<<"$granted"; then
    say "$permission: granted already"
  elif az rest --method post --url "$assignments" --output none --only-show-errors \
    --body "{\"principalId\":\"$principal\",\"resourceId\":\"$resource\",\"appRoleId\":\"$role\"}"; then
    say "$permission: granted. ${line#*: }"
  else
    say "$permission: NOT granted. ${line#*: }"
    failed=1
  fi
done 3<"$here/graph-permissions.txt"

if ((failed)); then
  say 'grant-graph.sh: a Privileged Role Administrator or Global Administrator must run:'
  say "  infra/grant-graph.sh $principal"
  exit 1
fi
