# Sourced by deploy.sh: the policy. What was uploaded is somebody's word, and is replaced only by a file that --policy names.

uploaded=out/uploaded.yaml

check_policy() {
  local file=${policy:-$root/warden.yaml}
  [[ -f $file ]] || die "there is no $file"
  npm run --silent warden -- policy check "$file" >&2 || die "$file is not a good policy: nothing was created"
}

# blob VERB ACCOUNT ARGUMENT...: the one blob that is the policy.
blob() {
  azure storage blob "$1" --auth-mode login --account-name "$2" --container-name acr-warden --name policy/warden.yaml "${@:3}"
}

# read_uploaded ACCOUNT: copies what is uploaded to $uploaded, which is not there afterwards when nothing is. Fails where Azure
# does not say.
read_uploaded() {
  local there
  mkdir -p out
  rm -f "$uploaded"
  there=$(blob exists "$1" --query exists --output tsv) || return 1
  case ${there,,} in
    false) return 0 ;;
    true) blob download "$1" --file "$uploaded" --no-progress --output none && [[ -f $uploaded ]] ;;
    *) return 1 ;;
  esac
}

say_kept() {
  if cmp -s "$uploaded" warden.yaml; then
    say 'what is uploaded is warden.yaml already'
  else
    say 'the uploaded policy differs from warden.yaml and is kept: --policy FILE replaces it'
  fi
  npm run --silent warden -- policy check "$uploaded" >&2 ||
    say 'this version refuses the uploaded policy: the default holds until a good one is uploaded'
}

put_policy() {
  if [[ -n $policy ]]; then
    blob upload "$1" --file "$policy" --overwrite --output none
    return
  fi
  read_uploaded "$1" || return 1
  # Without --overwrite az refuses to replace what somebody uploads meanwhile.
  [[ -f $uploaded ]] || blob upload "$1" --file "$root/warden.yaml" --output none
}

# Rights take minutes to spread: what is refused at first may work a little later.
upload_policy() {
  step 'policy'
  local attempt
  rm -f "$uploaded"
  for ((attempt = 1; attempt <= tries; attempt++)); do
    if put_policy "$1" >out/upload.log 2>&1; then
      [[ ! -f $uploaded ]] || say_kept
      return 0
    fi
    ((attempt != 1 && attempt != tries)) || cat out/upload.log >&2
    ! grep -q AADSTS out/upload.log || die 'the policy was not uploaded: the login has ended. The stack is deployed; run deploy.sh again'
    ((attempt == tries)) || sleep "$pause"
  done
  die "the policy was not uploaded: are you among the operators of $parameter_file? The stack is deployed; run deploy.sh again"
}

preview_policy() {
  step 'policy'
  local account
  account=$(own Microsoft.Storage/storageAccounts acrw)
  if [[ -z $account ]]; then
    say "${policy:-warden.yaml} would be uploaded: there is no policy yet"
  elif ! read_uploaded "${account##*/}"; then
    say "what is uploaded cannot be read with your login: ${policy:-nothing} would replace it"
  elif [[ ! -f $uploaded ]]; then
    say "${policy:-warden.yaml} would be uploaded: there is no policy yet"
  elif [[ -z $policy ]]; then
    say_kept
  elif cmp -s "$uploaded" "$policy"; then
    say "what is uploaded is $policy already"
  else
    say "$policy would replace the uploaded policy, which differs from it"
  fi
}
