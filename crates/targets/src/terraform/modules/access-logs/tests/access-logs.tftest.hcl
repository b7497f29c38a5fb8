mock_provider "aws" {
  mock_resource "aws_s3_bucket" {
    defaults = {
      id                 = "ingest-prod-logs"
      arn                = "arn:aws:s3:::ingest-prod-logs"
      bucket_domain_name = "ingest-prod-logs.s3.amazonaws.com"
    }
  }
}

variables {
  name        = "ingest-prod-logs"
  account_id  = "123456789012"
  region      = "us-east-1"
  expire_days = 90
}

run "closed_and_encrypted" {
  command = apply

  assert {
    condition     = aws_s3_bucket.this.bucket == "ingest-prod-logs" && aws_s3_bucket.this.force_destroy == false
    error_message = "A protected bucket is not emptied."
  }

  assert {
    condition = (aws_s3_bucket_public_access_block.this.block_public_acls && aws_s3_bucket_public_access_block.this.block_public_policy
    && aws_s3_bucket_public_access_block.this.ignore_public_acls && aws_s3_bucket_public_access_block.this.restrict_public_buckets)
    error_message = "Nothing is public."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "Load balancers need S3's own keys."
  }

  assert {
    condition     = one(aws_s3_bucket_ownership_controls.this.rule).object_ownership == "BucketOwnerEnforced"
    error_message = "Without CloudFront there are no ACLs."
  }

  assert {
    condition     = one(aws_s3_bucket_versioning.this.versioning_configuration).status == "Enabled"
    error_message = "The bucket is versioned."
  }

  assert {
    condition     = one(one(aws_s3_bucket_lifecycle_configuration.this.rule).expiration).days == 90 && one(one(aws_s3_bucket_lifecycle_configuration.this.rule).noncurrent_version_expiration).noncurrent_days == 7
    error_message = "Logs and their old versions expire."
  }

  assert {
    condition = jsondecode(aws_s3_bucket_policy.this.policy).Statement == [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::ingest-prod-logs", "arn:aws:s3:::ingest-prod-logs/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "LoadBalancers"
        Effect    = "Allow"
        Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::ingest-prod-logs/AWSLogs/123456789012/*"
      },
      {
        Sid       = "Buckets"
        Effect    = "Allow"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::ingest-prod-logs/s3/*"
        Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } }
      },
      {
        Sid       = "LoadBalancersByAccount"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::127311923021:root" }
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::ingest-prod-logs/AWSLogs/123456789012/*"
      },
    ]
    error_message = "Only log deliveries for this account write, and only over TLS."
  }

  assert {
    condition     = output.bucket == "ingest-prod-logs" && output.domain_name == "ingest-prod-logs.s3.amazonaws.com" && output.arn == "arn:aws:s3:::ingest-prod-logs"
    error_message = "The outputs are the bucket's."
  }
}

run "newer_region" {
  command = apply

  variables {
    region = "eu-south-2"
  }

  assert {
    condition     = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s.Sid] == ["TlsOnly", "LoadBalancers", "Buckets"]
    error_message = "A region from after August 2022 has no delivery account."
  }
}

run "cloudfront_and_unprotected" {
  command = plan

  variables {
    cloudfront = true
    protect    = false
  }

  assert {
    condition     = one(aws_s3_bucket_ownership_controls.this.rule).object_ownership == "BucketOwnerPreferred"
    error_message = "CloudFront delivers through an ACL."
  }

  assert {
    condition     = aws_s3_bucket.this.force_destroy
    error_message = "An unprotected bucket goes with its logs."
  }
}

run "refuses_what_s3_refuses" {
  command = plan

  variables {
    name        = "Ingest_Logs"
    account_id  = "12"
    expire_days = 0
  }

  expect_failures = [var.name, var.account_id, var.expire_days]
}
