#!/usr/bin/env bash
# Builds the image of one service and pushes it, once: a commit's tag never moves.
#
# REPOSITORY  name of the ECR repository
# TAG         sha-<commit>
# CONTEXT, DOCKERFILE, STAGE  what is built; STAGE may be empty
# ARGUMENTS   JSON: build arguments, NAME=VALUE
# LATEST      true: the tag latest names this image from now on
set -euo pipefail

account=$(aws sts get-caller-identity --query Account --output text)
registry="$account.dkr.ecr.$AWS_REGION.amazonaws.com"

is_there() {
  aws ecr describe-images --repository-name "$REPOSITORY" --image-ids "imageTag=$1" >/dev/null 2>&1
}

# The registry's tags cannot be written over, so this one is taken from the image that had it.
move_latest() {
  local manifest
  [[ $LATEST == true ]] || return 0
  manifest=$(aws ecr batch-get-image --repository-name "$REPOSITORY" --image-ids "imageTag=$TAG" --query 'images[0].imageManifest' --output text)
  aws ecr batch-delete-image --repository-name "$REPOSITORY" --image-ids imageTag=latest >/dev/null
  aws ecr put-image --repository-name "$REPOSITORY" --image-tag latest --image-manifest "$manifest" >/dev/null
}

if is_there "$TAG"; then
  echo "$REPOSITORY:$TAG is there already"
  move_latest
  exit 0
fi

aws ecr get-login-password | docker login --username AWS --password-stdin "$registry"

arguments=(--file "$DOCKERFILE" --tag "$registry/$REPOSITORY:$TAG")
if [[ -n $STAGE ]]; then
  arguments+=(--target "$STAGE")
fi
while IFS= read -r argument; do
  arguments+=(--build-arg "$argument")
done < <(jq -r '.[]' <<<"$ARGUMENTS")
# The first image is also what the first task definition names.
if ! is_there initial; then
  arguments+=(--tag "$registry/$REPOSITORY:initial")
fi
docker buildx build --platform linux/amd64 --provenance=false --push "${arguments[@]}" "$CONTEXT"
move_latest
echo "Pushed \`$REPOSITORY:$TAG\`" >>"$GITHUB_STEP_SUMMARY"
