#!/usr/bin/env bash
# Whether a person meant it.
#
# TYPED, TAG
set -euo pipefail

if [[ $TYPED != ROLLBACK ]]; then
  echo "::error::type ROLLBACK to confirm; nothing was done"
  exit 1
fi
if [[ ! $TAG =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ ]]; then
  echo "::error::an image's tag is letters, digits, dots, hyphens and underscores; nothing was done"
  exit 1
fi
