mock_provider "aws" {}

variables {
  name        = "ingest/prod/stripe"
  description = "Key of the payment provider."
}

run "a_secret" {
  command = apply

  assert {
    condition     = aws_secretsmanager_secret.this.name == "ingest/prod/stripe" && aws_secretsmanager_secret.this.kms_key_id == null
    error_message = "Without a key AWS's own encrypts."
  }
  assert {
    condition     = aws_secretsmanager_secret.this.recovery_window_in_days == 30
    error_message = "A deleted secret can be restored for 30 days."
  }
  assert {
    condition     = nonsensitive(aws_secretsmanager_secret_version.placeholder.secret_string) == "not set yet"
    error_message = "Terraform writes a placeholder."
  }
  assert {
    condition     = aws_secretsmanager_secret_version.placeholder.version_stages == toset(["AWSCURRENT", "PLACEHOLDER"])
    error_message = "The placeholder is current at first, and has a label that stays."
  }
}

run "with_a_key" {
  command = plan

  variables {
    kms_key_arn   = "arn:aws:kms:us-east-1:123456789012:key/0b1e"
    recovery_days = 7
  }

  assert {
    condition     = aws_secretsmanager_secret.this.kms_key_id == "arn:aws:kms:us-east-1:123456789012:key/0b1e"
    error_message = "The given key encrypts."
  }
  assert {
    condition     = aws_secretsmanager_secret.this.recovery_window_in_days == 7
    error_message = "The recovery window is the caller's."
  }
}

run "refuses_a_name_with_spaces" {
  command = plan
  variables {
    name = "stripe key"
  }
  expect_failures = [var.name]
}

run "refuses_to_delete_at_once" {
  command = plan
  variables {
    recovery_days = 0
  }
  expect_failures = [var.recovery_days]
}
