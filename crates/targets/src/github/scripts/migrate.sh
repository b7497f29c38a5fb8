#!/usr/bin/env bash
# Runs a command in a task of the new release and waits for its end, before the release gets traffic.
#
# CLUSTER, SERVICE  the ECS cluster and the service, whose network the task gets
# DEFINITION        ARN of the new task definition
# COMMAND           JSON: program, then arguments
set -euo pipefail

network=$(aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" --output json |
  jq -c '.services[0] | .networkConfiguration // (.taskSets[] | select(.status == "PRIMARY") | .networkConfiguration)')
container=$(aws ecs describe-task-definition --task-definition "$DEFINITION" --query 'taskDefinition.containerDefinitions[0].name' --output text)
overrides=$(jq -cn --arg name "$container" --argjson command "$COMMAND" '{containerOverrides: [{name: $name, command: $command}]}')

started=$(aws ecs run-task --cluster "$CLUSTER" --task-definition "$DEFINITION" --launch-type FARGATE \
  --network-configuration "$network" --overrides "$overrides" --started-by delivery --output json)
task=$(jq -r '.tasks[0].taskArn // empty' <<<"$started")
if [[ -z $task ]]; then
  echo "::error::the migration of $SERVICE did not start: $(jq -c .failures <<<"$started")"
  exit 1
fi

for _ in {1..180}; do
  state=$(aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$task" --query 'tasks[0]' --output json)
  [[ $(jq -r .lastStatus <<<"$state") == STOPPED ]] && break
  sleep 10
done

code=$(jq -r '.containers[0].exitCode // "none"' <<<"$state")
if [[ $code != 0 ]]; then
  echo "::error::the migration of $SERVICE ended with exit code $code: $(jq -r '.stoppedReason // "it is still running"' <<<"$state"); its log is in /ecs/$SERVICE"
  exit 1
fi
echo "$SERVICE: migrated"
