mock_provider "aws" {
  mock_resource "aws_s3_bucket" {
    defaults = {
      arn = "arn:aws:s3:::ingest-prod-exports"
    }
  }
}

variables {
  name      = "ingest-prod-exports"
  versioned = true
  protect   = true
}

run "a_protected_bucket" {
  command = apply

  assert {
    condition     = aws_s3_bucket.this.bucket == "ingest-prod-exports" && !aws_s3_bucket.this.force_destroy
    error_message = "A protected bucket is not destroyed with its objects."
  }
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "Public access is blocked in all four ways."
  }
  assert {
    condition     = aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "ACLs are off."
  }
  assert {
    condition = jsondecode(aws_s3_bucket_policy.tls_only.policy) == {
      Version = "2012-10-17"
      Statement = [{
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::ingest-prod-exports", "arn:aws:s3:::ingest-prod-exports/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }]
    }
    error_message = "The bucket and its objects refuse what does not come over TLS; nothing is allowed to others."
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "Without a key S3 encrypts with its own."
  }
  assert {
    condition     = !one(aws_s3_bucket_server_side_encryption_configuration.this.rule).bucket_key_enabled
    error_message = "Bucket keys are a matter of KMS."
  }
  assert {
    condition     = aws_s3_bucket_versioning.this[0].versioning_configuration[0].status == "Enabled"
    error_message = "Versions are kept."
  }
  assert {
    condition     = coalesce(one(aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration).days, 0) == 0 && one(aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration).expired_object_delete_marker
    error_message = "Objects do not expire, and delete markers with nothing behind them do."
  }
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 7
    error_message = "Uploads are aborted after seven days."
  }
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].noncurrent_version_expiration[0].noncurrent_days == 30
    error_message = "Old versions stay for 30 days."
  }
  assert {
    condition     = length(aws_s3_bucket_logging.this) == 0
    error_message = "No access log unless a bucket for it is given."
  }
}

run "one_that_may_go" {
  command = plan

  variables {
    versioned   = false
    expire_days = 14
    protect     = false
  }

  assert {
    condition     = aws_s3_bucket.this.force_destroy && length(aws_s3_bucket_versioning.this) == 0
    error_message = "It goes with its objects and keeps no versions."
  }
  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration).days == 14 && length(aws_s3_bucket_lifecycle_configuration.this.rule[0].noncurrent_version_expiration) == 0
    error_message = "Objects expire after 14 days; there are no old versions to expire."
  }
}

run "with_a_key_and_an_access_log" {
  command = plan

  variables {
    kms_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/0b1e"
    access_log_bucket = "ingest-prod-access-logs"
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.this.rule).bucket_key_enabled
    error_message = "With a key of one's own the bucket key is on."
  }
  assert {
    condition = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default) == {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "arn:aws:kms:us-east-1:123456789012:key/0b1e"
    }
    error_message = "The given key encrypts the objects."
  }
  assert {
    condition     = aws_s3_bucket_logging.this[0].target_bucket == "ingest-prod-access-logs" && aws_s3_bucket_logging.this[0].target_prefix == "s3/ingest-prod-exports/"
    error_message = "The access log has its own prefix."
  }
}

run "one_that_only_tidies" {
  command = plan

  variables {
    versioned = false
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration) == 0
    error_message = "Nothing expires."
  }
}

run "one_with_versions_and_an_age" {
  command = plan

  variables {
    expire_days = 30
  }

  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration).days == 30 && one(aws_s3_bucket_lifecycle_configuration.this.rule[0].noncurrent_version_expiration).noncurrent_days == 30
    error_message = "Objects expire, and their old versions after them."
  }
}

run "refuses_dots" {
  command = plan
  variables {
    name = "ingest.prod.exports"
  }
  expect_failures = [var.name]
}

run "refuses_an_age_of_no_days" {
  command = plan
  variables {
    expire_days = 0
  }
  expect_failures = [var.expire_days]
}
