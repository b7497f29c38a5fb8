# A Secrets Manager secret that is made here and filled by hand: neither configuration nor state ever holds its value.

resource "aws_secretsmanager_secret" "this" {
  name                    = var.name
  description             = var.description
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.recovery_days
}

# Something for a task to start with until the real value is there:
# aws secretsmanager put-secret-value --secret-id <name> --secret-string …
resource "aws_secretsmanager_secret_version" "placeholder" {
  secret_id     = aws_secretsmanager_secret.this.id
  secret_string = "not set yet"

  # A version without a label is deleted sometime ("What's in a Secrets Manager secret?"). Terraform would then make
  # it again, as the current one. The second label keeps the placeholder when AWSCURRENT has moved on.
  version_stages = ["AWSCURRENT", "PLACEHOLDER"]

  lifecycle {
    # The value, and which version is current, is whoever's that sets it.
    ignore_changes = [secret_string, version_stages]
  }
}
