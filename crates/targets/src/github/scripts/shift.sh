#!/usr/bin/env bash
# Brings a task definition by CodeDeploy: a second set of tasks, test traffic, hooks, then the traffic as the deployment
# group moves it. Fails with the reason when it was rolled back.
#
# CLUSTER, SERVICE, DEFINITION
# APPSPEC  the deployment's AppSpec, without its task definition
set -euo pipefail

# As text: a program that reads it as JSON would write its version, 0.0, as 0.
content=$(sed "s|<TASK_DEFINITION>|$DEFINITION|" "$APPSPEC")
revision=$(jq -cn --arg content "$content" '{revisionType: "AppSpecContent", appSpecContent: {content: $content}}')
deployment=$(aws deploy create-deployment --application-name "$SERVICE" --deployment-group-name "$SERVICE" \
  --revision "$revision" --description "$DEFINITION" --query deploymentId --output text)
echo "$SERVICE: deployment $deployment"

# The job's own limit ends the wait: shifts and bake times may take hours.
while true; do
  seen=$(aws deploy get-deployment --deployment-id "$deployment" --query deploymentInfo --output json)
  status=$(jq -r .status <<<"$seen")
  case $status in
    Succeeded | Failed | Stopped) break ;;
    *) sleep 15 ;;
  esac
done
if [[ $status != Succeeded ]]; then
  echo "::error::$SERVICE did not take $DEFINITION ($status): $(jq -r '.errorInformation.message // .rollbackInfo.rollbackMessage // "no reason was given"' <<<"$seen")"
  exit 1
fi
serving=$(aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" --query "services[0].taskSets[?status=='PRIMARY'].taskDefinition | [0]" --output text)
if [[ $serving != "$DEFINITION" ]]; then
  echo "::error::$SERVICE serves $serving, not $DEFINITION: it was rolled back"
  exit 1
fi
echo "\`$SERVICE\` serves \`$DEFINITION\`" >>"$GITHUB_STEP_SUMMARY"
