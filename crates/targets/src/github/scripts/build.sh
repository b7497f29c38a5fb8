#!/usr/bin/env bash
# Builds the image of one service and pushes it, once: tags of the registry never move.
#
# REPOSITORY  name of the ECR repository
# TAG         sha-<commit>
# CONTEXT, DOCKERFILE, STAGE  what is built; STAGE may be empty
# ARGUMENTS   JSON: build arguments, NAME=VALUE
set -euo pipefail

account=$(aws sts get-caller-identity --query Account --output text)
registry="$account.dkr.ecr.$AWS_REGION.amazonaws.com"

is_there() {
  aws ecr describe-images --repository-name "$REPOSITORY" --image-ids "imageTag=$1" >/dev/null 2>&1
}

if is_there "$TAG"; then
  echo "$REPOSITORY:$TAG is there already"
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
echo "Pushed \`$REPOSITORY:$TAG\`" >>"$GITHUB_STEP_SUMMARY"
