mock_provider "aws" {}

variables {
  name        = "ingest-prod"
  description = "Data of ingest-prod"
  account_id  = "123456789012"
  region      = "us-east-1"
}

run "only_by_iam_policies" {
  command = plan

  assert {
    condition = jsondecode(aws_kms_key.this.policy).Statement == [{
      Sid       = "AllowByIamPolicies"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
    error_message = "Without services only the account's IAM policies decide."
  }

  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_kms_key.this.deletion_window_in_days == 30
    error_message = "The key must rotate, and stay 30 days when deleted."
  }

  assert {
    condition     = aws_kms_alias.this.name == "alias/ingest-prod" && aws_kms_key.this.description == "Data of ingest-prod"
    error_message = "The key must have its alias and description."
  }
}

run "services" {
  command = plan

  variables {
    services = ["logs.us-east-1.amazonaws.com", "cloudwatch.amazonaws.com"]
  }

  assert {
    condition = jsondecode(aws_kms_key.this.policy).Statement[1] == {
      Sid       = "AllowCloudwatchAmazonawsCom"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } }
    }
    error_message = "A service must use the key for this account only."
  }

  assert {
    condition = jsondecode(aws_kms_key.this.policy).Statement[2] == {
      Sid       = "AllowLogsUsEast1AmazonawsCom"
      Effect    = "Allow"
      Principal = { Service = "logs.us-east-1.amazonaws.com" }
      Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
      Resource  = "*"
      Condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:us-east-1:123456789012:log-group:*" } }
    }
    error_message = "CloudWatch Logs must use the key for log groups of this account only."
  }

  assert {
    condition     = length(jsondecode(aws_kms_key.this.policy).Statement) == 3
    error_message = "Nobody else may use the key."
  }
}

run "outputs" {
  command = apply

  assert {
    condition     = output.arn == aws_kms_key.this.arn && output.id == aws_kms_key.this.key_id && aws_kms_alias.this.target_key_id == output.id
    error_message = "Outputs and alias must be the key's."
  }
}

run "logs_of_another_region" {
  command = plan

  variables {
    services = ["logs.eu-west-1.amazonaws.com"]
  }

  expect_failures = [aws_kms_key.this]
}

run "service_that_is_none" {
  command = plan

  variables {
    services = ["*"]
  }

  expect_failures = [var.services]
}

run "alias_in_the_name" {
  command = plan

  variables {
    name = "alias/ingest-prod"
  }

  expect_failures = [var.name]
}

run "short_account" {
  command = plan

  variables {
    account_id = "12345"
  }

  expect_failures = [var.account_id]
}
