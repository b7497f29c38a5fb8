#!/usr/bin/env bash
# Brings a task definition task by task, and fails unless it is the one that serves in the end.
#
# CLUSTER, SERVICE, DEFINITION
set -euo pipefail

deployment=$(aws ecs update-service --cluster "$CLUSTER" --service "$SERVICE" --task-definition "$DEFINITION" --output json |
  jq -r --arg definition "$DEFINITION" '.service.deployments[] | select(.status == "PRIMARY" and .taskDefinition == $definition) | .id')

# The job's own limit ends the wait.
while true; do
  seen=$(aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" --query 'services[0]' --output json)
  mine=$(jq -c --arg id "$deployment" '.deployments[] | select(.id == $id)' <<<"$seen")
  state=$(jq -r '.rolloutState // "IN_PROGRESS"' <<<"${mine:-null}")
  [[ -z $mine || $state == FAILED || $state == COMPLETED ]] && break
  sleep 10
done
if [[ -z $mine || $state == FAILED ]]; then
  echo "::error::$SERVICE did not take $DEFINITION: $(jq -r '.rolloutStateReason // "another deployment took its place"' <<<"${mine:-null}")"
  jq -r '.events[:10][] | "\(.createdAt) \(.message)"' <<<"$seen"
  exit 1
fi

aws ecs wait services-stable --cluster "$CLUSTER" --services "$SERVICE"
serving=$(aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" --query "services[0].deployments[?status=='PRIMARY'].taskDefinition | [0]" --output text)
if [[ $serving != "$DEFINITION" ]]; then
  echo "::error::$SERVICE serves $serving, not $DEFINITION: it was rolled back"
  exit 1
fi
echo "\`$SERVICE\` serves \`$DEFINITION\`" >>"$GITHUB_STEP_SUMMARY"
