#!/usr/bin/env bash
# Which services the commit changes, seen from what runs: the tag of a running image is the commit it was built from, so
# a delivery that failed is made up by the next one. What cannot be told counts as changed.
#
# UNITS     JSON: [{"service", "physical", "paths", ...}]
# CLUSTER   the ECS cluster; empty where services run elsewhere
# MANIFEST  path of the manifest
# FORCED    true: everything counts as changed
set -euo pipefail

running_image() {
  local definition
  definition=$(aws ecs describe-services --cluster "$CLUSTER" --services "$1" --query 'services[0].taskDefinition' --output text 2>/dev/null) || return 0
  # Jobs are no services: their newest revision is what runs next.
  [[ $definition == None ]] && definition=$1
  aws ecs describe-task-definition --task-definition "$definition" --query 'taskDefinition.containerDefinitions[0].image' --output text 2>/dev/null || true
}

is_changed() {
  local physical=$1 image base
  shift
  [[ $FORCED == true || -z $CLUSTER ]] && return 0
  image=$(running_image "$physical")
  base=${image##*:sha-}
  [[ $base =~ ^[0-9a-f]{7,40}$ ]] || return 0
  git cat-file -e "$base^{commit}" 2>/dev/null || return 0
  ! git diff --quiet "$base" HEAD -- "$@" "$MANIFEST"
}

changed='[]'
while IFS= read -r unit; do
  physical=$(jq -r .physical <<<"$unit")
  mapfile -t paths < <(jq -r '.paths[]' <<<"$unit")
  if is_changed "$physical" "${paths[@]}"; then
    changed=$(jq -c --argjson unit "$unit" '. + [$unit]' <<<"$changed")
    echo "$physical: changed"
  else
    echo "$physical: as it runs"
  fi
done < <(jq -c '.[]' <<<"$UNITS")

tag="sha-$(git rev-parse --short=12 HEAD)"
{
  echo "services=$changed"
  echo "names=$(jq -c 'map(.service)' <<<"$changed")"
  echo "tag=$tag"
} >>"$GITHUB_OUTPUT"
echo "Tag \`$tag\`, changed: $(jq -r 'map(.service) | join(", ") | if . == "" then "nothing" else . end' <<<"$changed")" >>"$GITHUB_STEP_SUMMARY"
