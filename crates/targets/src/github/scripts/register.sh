#!/usr/bin/env bash
# A task definition with an image of its own: the family's newest, so with the settings that Terraform gave it last, and
# with the image's tag.
#
# CLUSTER, SERVICE  the ECS cluster and the service (or a job's family)
# REPOSITORY        name of its ECR repository; empty where the image is named in the manifest
# TAG               what to deliver
# CHANGED           false: keep the image that runs
# AGAIN             true: go back to the revision that had the tag, settings and all, where it is still there
set -euo pipefail

newest=$(aws ecs describe-task-definition --task-definition "$SERVICE" --query taskDefinition --output json)
newest_arn=$(jq -r .taskDefinitionArn <<<"$newest")
running=$(aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" --query 'services[0].taskDefinition' --output text)
[[ $running == None ]] && running=$newest_arn
image=$(jq -r '.containerDefinitions[0].image' <<<"$newest")

if [[ -n $REPOSITORY ]]; then
  if [[ $CHANGED == false ]]; then
    running_image=$(aws ecs describe-task-definition --task-definition "$running" --query 'taskDefinition.containerDefinitions[0].image' --output text)
    TAG=${running_image##*:}
  fi
  if ! aws ecr describe-images --repository-name "$REPOSITORY" --image-ids "imageTag=$TAG" >/dev/null; then
    echo "::error::$REPOSITORY has no image $TAG; its build failed, or the registry has removed it"
    exit 1
  fi
  image=${image%:*}:$TAG
fi

again() {
  local candidate
  for candidate in $(aws ecs list-task-definitions --family-prefix "$SERVICE" --sort DESC --max-items 50 --query 'taskDefinitionArns[]' --output text); do
    [[ $candidate == arn:* ]] || continue
    if [[ $(aws ecs describe-task-definition --task-definition "$candidate" --query 'taskDefinition.containerDefinitions[0].image' --output text) == "$image" ]]; then
      echo "$candidate"
      return
    fi
  done
}

arn=
if [[ $AGAIN == true ]]; then
  arn=$(again)
fi
if [[ -n $arn ]]; then
  :
elif [[ $image == "$(jq -r '.containerDefinitions[0].image' <<<"$newest")" ]]; then
  arn=$newest_arn
else
  wanted=$(jq -c --arg image "$image" '
    .containerDefinitions[0].image = $image
    | del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities, .registeredAt, .registeredBy, .deregisteredAt)' <<<"$newest")
  arn=$(aws ecs register-task-definition --cli-input-json "$wanted" --query taskDefinition.taskDefinitionArn --output text)
fi

needed=true
[[ $arn == "$running" ]] && needed=false
echo "$SERVICE: $arn ($image), $([[ $needed == true ]] && echo 'to be brought' || echo 'serves already')"
{
  echo "arn=$arn"
  echo "needed=$needed"
} >>"$GITHUB_OUTPUT"
