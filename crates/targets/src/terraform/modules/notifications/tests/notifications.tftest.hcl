mock_provider "aws" {
  mock_resource "aws_sns_topic" {
    defaults = {
      arn = "arn:aws:sns:us-east-1:123456789012:ingest-prod-alarms"
    }
  }
}

variables {
  name        = "ingest-prod-alarms"
  account_id  = "123456789012"
  region      = "us-east-1"
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/8c7d"
  emails      = ["ops@example.com", "oncall@example.com"]
}

run "encrypted_and_heard" {
  command = apply

  assert {
    condition     = aws_sns_topic.this.name == "ingest-prod-alarms" && aws_sns_topic.this.kms_master_key_id == "arn:aws:kms:us-east-1:123456789012:key/8c7d"
    error_message = "The topic is encrypted with the key."
  }

  assert {
    condition     = { for key, s in aws_sns_topic_subscription.email : key => s.protocol } == { "ops@example.com" = "email", "oncall@example.com" = "email" }
    error_message = "Every address has its subscription."
  }

  assert {
    condition     = aws_sns_topic_subscription.email["ops@example.com"].endpoint == "ops@example.com" && aws_sns_topic_subscription.email["ops@example.com"].topic_arn == output.arn
    error_message = "The subscription is of this topic."
  }

  assert {
    condition = jsondecode(aws_sns_topic_policy.this.policy).Statement == [
      {
        Sid       = "Alarms"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = "arn:aws:sns:us-east-1:123456789012:ingest-prod-alarms"
        Condition = {
          StringEquals = { "aws:SourceAccount" = "123456789012" }
          ArnLike      = { "aws:SourceArn" = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:*" }
        }
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = { AWS = "*" }
        Action    = "sns:Publish"
        Resource  = "arn:aws:sns:us-east-1:123456789012:ingest-prod-alarms"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
    error_message = "Only this account's alarms publish, and only over TLS."
  }
}

run "nothing_optional" {
  command = plan

  variables {
    kms_key_arn = null
    emails      = []
  }

  assert {
    condition     = aws_sns_topic.this.kms_master_key_id == null
    error_message = "Without a key of its own the topic takes alarms unencrypted."
  }

  assert {
    condition     = length(aws_sns_topic_subscription.email) == 0
    error_message = "Nobody is told who was not named."
  }
}

run "refuses_what_sns_refuses" {
  command = plan

  variables {
    name        = "ingest prod"
    account_id  = "12"
    kms_key_arn = "alias/aws/sns"
    emails      = ["ops"]
  }

  expect_failures = [var.name, var.account_id, var.kms_key_arn, var.emails]
}
