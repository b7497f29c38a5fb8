# A customer managed key that the account's roles use by their own policies and the named AWS services by its policy.

resource "aws_kms_key" "this" {
  description             = var.description
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = jsonencode({ Version = "2012-10-17", Statement = concat([local.account], local.services) })

  lifecycle {
    precondition {
      condition     = alltrue([for service in local.logs : service == "logs.${var.region}.amazonaws.com"])
      error_message = "A key serves CloudWatch Logs of its own region only: write logs.${var.region}.amazonaws.com."
    }
  }
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}

locals {
  logs = [for service in var.services : service if startswith(service, "logs.")]

  # "Default key policy" in the KMS guide: it lets IAM policies decide, and keeps the key manageable.
  account = {
    Sid       = "AllowByIamPolicies"
    Effect    = "Allow"
    Principal = { AWS = "arn:aws:iam::${var.account_id}:root" }
    Action    = "kms:*"
    Resource  = "*"
  }

  services = [for service in sort(tolist(var.services)) : {
    Sid       = "Allow${replace(title(replace(service, "/[.-]/", " ")), " ", "")}"
    Effect    = "Allow"
    Principal = { Service = service }
    Action    = contains(local.logs, service) ? local.log_actions : local.envelope_actions
    Resource  = "*"
    Condition = contains(local.logs, service) ? local.of_log_groups : local.of_account
  }]

  # "Encrypt log data in CloudWatch Logs using AWS Key Management Service": the encryption context is the log group's ARN.
  log_actions   = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
  of_log_groups = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:${var.region}:${var.account_id}:log-group:*" } }

  # What a service needs that sends to an encrypted topic or queue, with the condition against the confused deputy
  # ("Managing Amazon SNS encryption keys and costs").
  envelope_actions = ["kms:Decrypt", "kms:GenerateDataKey*"]
  of_account       = { StringEquals = { "aws:SourceAccount" = var.account_id } }
}
