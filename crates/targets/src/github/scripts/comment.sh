#!/usr/bin/env bash
# One comment for each environment on a pull request: written once, then kept up to date.
#
# ENVIRONMENT, SYSTEM  what was planned
# PULL_REQUEST         its number
# RUN_URL              where the whole plan is
set -euo pipefail

# The most that GitHub takes in a comment, less what stands around the plans.
most=60000
marker="<!-- plan of $SYSTEM in $ENVIRONMENT -->"
body=$RUNNER_TEMP/comment.md
share=$((most / 2))

{
  echo "$marker"
  echo "### Plan of $SYSTEM for $ENVIRONMENT"
  for stack in data compute; do
    text=$RUNNER_TEMP/$stack.txt
    echo
    if [[ ! -f $text ]]; then
      echo "**$stack**: there is no plan; [the run]($RUN_URL) says why."
      continue
    fi
    echo "<details><summary><b>$stack</b>: $(grep -E '^(Plan:|No changes)' "$text" | head -n 1)</summary>"
    echo
    echo '```'
    head -c "$share" "$text"
    echo
    echo '```'
    echo '</details>'
    if (($(wc -c <"$text") > share)); then
      echo
      echo "This is the beginning; the whole plan is in [the summary of the run]($RUN_URL)."
    fi
  done
} | iconv -c -f UTF-8 -t UTF-8 >"$body"

comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"
known=$(gh api --paginate "$comments" --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .id" | head -n 1)
if [[ -n $known ]]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$known" --field "body=@$body" --silent
else
  gh api --method POST "$comments" --field "body=@$body" --silent
fi
