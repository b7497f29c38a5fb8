#!/usr/bin/env bash
# Waits for the registry's scan of an image, and fails on what is critical.
#
# REPOSITORY, TAG
set -euo pipefail

image=(--repository-name "$REPOSITORY" --image-id "imageTag=$TAG")
status=PENDING
for _ in {1..40}; do
  status=$(aws ecr describe-image-scan-findings "${image[@]}" --max-items 1 --query imageScanStatus.status --output text 2>/dev/null | head -n 1) || status=PENDING
  case $status in
    COMPLETE | ACTIVE) break ;;
    FAILED | UNSUPPORTED_IMAGE) break ;;
    *) sleep 15 ;;
  esac
done

case $status in
  COMPLETE | ACTIVE) ;;
  UNSUPPORTED_IMAGE)
    echo "::warning::$REPOSITORY:$TAG has no packages that the registry's scan knows, so nothing was scanned"
    exit 0
    ;;
  *)
    echo "::error::The scan of $REPOSITORY:$TAG is $status; look at it in the registry, then run this job again"
    exit 1
    ;;
esac

counts=$(aws ecr describe-image-scan-findings "${image[@]}" --no-paginate --query 'imageScanFindings.findingSeverityCounts' --output json)
critical=$(jq -r '.CRITICAL // 0' <<<"${counts:-null}")
echo "Scan of \`$REPOSITORY:$TAG\`: $(jq -c '. // {}' <<<"${counts:-null}")" >>"$GITHUB_STEP_SUMMARY"
if ((critical > 0)); then
  echo "::error::$REPOSITORY:$TAG has $critical critical findings; build on a newer base image or update the package"
  exit 1
fi
