#!/usr/bin/env bash
# Terraform of all environments is formatted and, without any account, valid.
#
# ROOT  folder that holds the environments and the modules
set -euo pipefail
export TF_IN_AUTOMATION=1 TF_INPUT=0

terraform fmt -check -diff -recursive "$ROOT"
for stack in "$ROOT"/*/{bootstrap,data,compute}; do
  [[ -d $stack ]] || continue
  echo "::group::$stack"
  terraform -chdir="$stack" init -no-color -backend=false >/dev/null
  terraform -chdir="$stack" validate -no-color
  echo '::endgroup::'
done
