#!/usr/bin/env bash
# Plans or applies one stack.
#
# STACKS  folder of the environment's stacks
# STACK   data or compute
# GATE    the secret whose value the compute stack takes as origin_gate; without it there is none
# MODE    plan: without a lock, for a pull request; apply: with a lock, and the plan it shows
set -euo pipefail
export TF_IN_AUTOMATION=1 TF_INPUT=0

initialise() {
  local folder=$STACKS/$1
  if [[ ! -f $folder/backend.hcl ]]; then
    echo "::error file=$folder/backend.hcl.example::$folder/backend.hcl is not in the repository; copy the example beside it, put the account in and commit it"
    return 1
  fi
  terraform -chdir="$folder" init -no-color -backend-config=backend.hcl >/dev/null
}

initialise "$STACK"
terraform -chdir="$STACKS/$STACK" validate -no-color

# The data stack tells the compute stack where its things are. What it tells only once it is applied, nobody can plan with.
is_told() {
  local data=$RUNNER_TEMP/data.tfplan
  [[ $STACK != compute || $MODE != plan || ! -f $data ]] && return 0
  terraform -chdir="$STACKS/data" show -json "$data" | jq -e '(.output_changes.compute.actions // ["no-op"]) == ["no-op"]' >/dev/null
}

if ! is_told; then
  echo 'Plan: waits for the data stack, which will tell the compute stack something new once it is applied.' | tee "$RUNNER_TEMP/$STACK.txt"
  exit 0
fi

if [[ $STACK == compute ]]; then
  initialise data
  if ! terraform -chdir="$STACKS/data" output -no-color -json compute >"$STACKS/compute/data.auto.tfvars.json"; then
    rm -f "$STACKS/compute/data.auto.tfvars.json"
    echo "::error::the data stack of $STACKS tells nothing yet; apply it first"
    exit 1
  fi
fi

# A file of this kind goes before terraform.tfvars, whatever stands there; and no argument shows the value.
if [[ -n ${GATE:-} ]]; then
  value=$(aws secretsmanager get-secret-value --secret-id "$GATE" --query SecretString --output text)
  echo "::add-mask::$value"
  gate=$STACKS/$STACK/gate.auto.tfvars.json
  trap 'rm -f "$gate"' EXIT
  (umask 077 && value=$value jq -n '{origin_gate: env.value}' >"$gate")
fi

case $MODE in
  plan) options=(-lock=false) ;;
  apply) options=(-lock-timeout=5m) ;;
esac

plan=$RUNNER_TEMP/$STACK.tfplan
text=$RUNNER_TEMP/$STACK.txt
terraform -chdir="$STACKS/$STACK" plan -no-color "${options[@]}" -out="$plan" >"$RUNNER_TEMP/$STACK.log" || {
  cat "$RUNNER_TEMP/$STACK.log"
  exit 1
}
# Values that Terraform knows to be sensitive are not in what it shows.
terraform -chdir="$STACKS/$STACK" show -no-color "$plan" >"$text"
cat "$text"
{
  echo "<details><summary>$STACK: $(grep -E '^(Plan:|No changes)' "$text" | head -n 1)</summary>"
  echo
  echo '```'
  head -c 400000 "$text"
  echo '```'
  echo '</details>'
} >>"$GITHUB_STEP_SUMMARY"

if [[ $MODE == apply ]]; then
  terraform -chdir="$STACKS/$STACK" apply -no-color -lock-timeout=5m "$plan"
fi
