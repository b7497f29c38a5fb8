#!/usr/bin/env bash
# Looks for credentials in the files of the repository: private keys, and keys of AWS and GitHub by their prefixes. A
# minimum that needs no other program; GitHub's own secret scanning and push protection find more.
set -euo pipefail

patterns='-----BEGIN ([A-Z]+ )?PRIVATE KEY-----|(^|[^A-Z0-9])(AKIA|ASIA)[A-Z2-7]{16}([^A-Z0-9]|$)|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60}'
# Names of files and lines only: a log is no place for what is found.
if found=$(git grep -IEn -e "$patterns" | cut -d: -f1,2); then
  if [[ -n $found ]]; then
    echo "$found"
    echo "::error::these lines look like credentials; revoke them, then take them out"
    exit 1
  fi
fi
echo 'no credentials found'
