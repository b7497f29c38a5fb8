mock_provider "aws" {}

variables {
  bucket_name     = "ingest-123456789012-state"
  lock_table_name = "ingest-locks"
  protect         = true
}

run "protected" {
  command = plan

  assert {
    condition     = !aws_s3_bucket.this.force_destroy && aws_dynamodb_table.locks.deletion_protection_enabled
    error_message = "A protected state must not be destroyed."
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "The bucket must be versioned."
  }

  assert {
    condition = (
      aws_s3_bucket_public_access_block.this.block_public_acls &&
      aws_s3_bucket_public_access_block.this.block_public_policy &&
      aws_s3_bucket_public_access_block.this.ignore_public_acls &&
      aws_s3_bucket_public_access_block.this.restrict_public_buckets &&
      aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced"
    )
    error_message = "Nothing of the bucket may be public."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].noncurrent_version_expiration[0].noncurrent_days == 90 && aws_s3_bucket_lifecycle_configuration.this.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 7 && aws_s3_bucket_lifecycle_configuration.this.rule[0].status == "Enabled"
    error_message = "Old versions must go after 90 days and unfinished uploads after 7."
  }

  assert {
    condition = jsondecode(aws_s3_bucket_policy.this.policy).Statement == [{
      Sid       = "DenyWithoutTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::ingest-123456789012-state", "arn:aws:s3:::ingest-123456789012-state/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "The bucket must refuse what does not come by TLS."
  }

  assert {
    condition     = aws_dynamodb_table.locks.hash_key == "LockID" && aws_dynamodb_table.locks.attribute == toset([{ name = "LockID", type = "S" }]) && aws_dynamodb_table.locks.billing_mode == "PAY_PER_REQUEST"
    error_message = "The table must be the one Terraform's S3 backend expects, on demand."
  }

  assert {
    condition     = aws_dynamodb_table.locks.server_side_encryption[0].enabled && aws_dynamodb_table.locks.point_in_time_recovery[0].enabled
    error_message = "The table must be encrypted with KMS and recoverable."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "Without a key the bucket is encrypted with SSE-S3."
  }

  assert {
    condition     = length(aws_s3_bucket_logging.this) == 0
    error_message = "Without a bucket for them there are no access logs."
  }
}

run "unprotected" {
  command = plan

  variables {
    protect = false
  }

  assert {
    condition     = aws_s3_bucket.this.force_destroy && !aws_dynamodb_table.locks.deletion_protection_enabled
    error_message = "An unprotected state must go with what it describes."
  }
}

run "own_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/6f1b2c3d-0000-4000-8000-000000000000"
  }

  assert {
    condition = (
      one(aws_s3_bucket_server_side_encryption_configuration.this.rule).bucket_key_enabled &&
      one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms" &&
      one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).kms_master_key_id == var.kms_key_arn
    )
    error_message = "The bucket must be encrypted with the key given."
  }

  assert {
    condition     = aws_dynamodb_table.locks.server_side_encryption[0].kms_key_arn == var.kms_key_arn
    error_message = "The table must be encrypted with the key given."
  }
}

run "access_logs" {
  command = plan

  variables {
    access_log_bucket = "ingest-123456789012-access-logs"
  }

  assert {
    condition     = aws_s3_bucket_logging.this[0].target_bucket == "ingest-123456789012-access-logs" && aws_s3_bucket_logging.this[0].target_prefix == "ingest-123456789012-state/"
    error_message = "Access logs must go below the bucket's name."
  }
}

run "outputs" {
  command = apply

  assert {
    condition     = output.bucket == "ingest-123456789012-state" && output.bucket_arn == aws_s3_bucket.this.arn && output.lock_table == "ingest-locks" && output.lock_table_arn == aws_dynamodb_table.locks.arn
    error_message = "Outputs must be the bucket's and the table's."
  }
}

run "bucket_name_with_dots" {
  command = plan

  variables {
    bucket_name = "ingest.state"
  }

  expect_failures = [var.bucket_name]
}

run "table_name_with_spaces" {
  command = plan

  variables {
    lock_table_name = "ingest locks"
  }

  expect_failures = [var.lock_table_name]
}
