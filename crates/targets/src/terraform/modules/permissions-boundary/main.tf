# A permissions boundary: the most that the roles of a system may ever do, whatever their own policies say.

locals {
  # Not being allowed is not enough: a resource's own policy may name a role's session, which a boundary limits by what it
  # denies alone ("Permissions boundaries for IAM entities"). What AWS makes for its own services is let through, because
  # a statement above has to allow it by name.
  never = {
    Sid    = "NeverIdentity"
    Effect = "Deny"
    Action = [
      "account:*",
      "iam:Add*",
      "iam:Attach*",
      "iam:Create*",
      "iam:Deactivate*",
      "iam:Delete*",
      "iam:Detach*",
      "iam:Enable*",
      "iam:Put*",
      "iam:Remove*",
      "iam:Set*",
      "iam:Tag*",
      "iam:Untag*",
      "iam:Update*",
      "iam:Upload*",
      "organizations:*",
    ]
    NotResource = ["arn:aws:iam::*:role/aws-service-role/*"]
  }

  document = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for statement in var.statements : {
        for key, value in {
          Sid       = statement.sid
          Effect    = "Allow"
          Action    = statement.actions
          Resource  = statement.resources
          Condition = statement.conditions
        } : key => value if value != null
      }],
      [local.never],
    )
  })
}

resource "aws_iam_policy" "this" {
  name        = var.name
  description = "The most that a role of the system may do"
  policy      = local.document

  lifecycle {
    precondition {
      condition     = length(local.document) <= 6144
      error_message = "The boundary ${var.name} has ${length(local.document)} characters; IAM takes 6,144. Name fewer resources, or end their names with *."
    }
  }
}
