# An SSM parameter: a plain value that Terraform owns, or a secure one that is set by hand and only made here.

resource "aws_ssm_parameter" "plain" {
  count = var.secure ? 0 : 1

  name        = var.name
  description = var.description
  type        = "String"
  tier        = "Standard"

  # Nothing to hide: as `value` it would stand in a plan as "(sensitive value)".
  insecure_value = var.value

  lifecycle {
    precondition {
      condition     = var.value != null
      error_message = "A plain parameter needs a value."
    }
  }
}

# To set it: aws ssm put-parameter --name <name> --type SecureString --overwrite --value …
#
# Terraform reads the value back when it refreshes, so it ends in the state. Where that may not be, use `secret`:
# there the state only ever holds the placeholder.
resource "aws_ssm_parameter" "secure" {
  count = var.secure ? 1 : 0

  name        = var.name
  description = var.description
  type        = "SecureString"
  tier        = "Standard"
  key_id      = coalesce(var.kms_key_arn, "alias/aws/ssm")
  value       = "not set yet"

  lifecycle {
    # The real value is whoever's that sets it.
    ignore_changes = [value]

    precondition {
      condition     = var.value == null
      error_message = "A secure parameter's value does not belong in configuration: leave value null and set it by hand."
    }
  }
}
