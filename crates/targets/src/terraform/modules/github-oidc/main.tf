# Lets the workflows of one GitHub repository act in the account with short-lived credentials instead of stored keys.

locals {
  issuer = "token.actions.githubusercontent.com"

  # Written, not read from the resource: the same whether the provider is made here or stood before.
  provider_arn = "arn:aws:iam::${var.account_id}:oidc-provider/${local.issuer}"

  subjects     = { for key, role in var.roles : key => [for subject in role.subjects : "repo:${var.repository}:${subject}"] }
  has_wildcard = { for key, role in var.roles : key => anytrue([for subject in role.subjects : can(regex("[*?]", subject))]) }
}

# An account has one provider of an issuer. It needs no thumbprints: IAM trusts GitHub's certificate by its own
# authorities ("Obtain the thumbprint for an OpenID Connect identity provider" in the IAM guide).
resource "aws_iam_openid_connect_provider" "this" {
  count = var.create_provider ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "this" {
  for_each = var.roles

  name                 = "${var.name}-${each.key}"
  description          = each.value.description
  max_session_duration = 3600

  # "Configuring OpenID Connect in Amazon Web Services" in GitHub's documents: both audience and subject must match.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = local.provider_arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = local.has_wildcard[each.key] ? tomap({
        StringEquals = { "${local.issuer}:aud" = ["sts.amazonaws.com"] }
        StringLike   = { "${local.issuer}:sub" = local.subjects[each.key] }
        }) : tomap({
        StringEquals = { "${local.issuer}:aud" = ["sts.amazonaws.com"], "${local.issuer}:sub" = local.subjects[each.key] }
      })
    }]
  })

  depends_on = [aws_iam_openid_connect_provider.this]
}

resource "aws_iam_role_policy" "this" {
  for_each = var.roles

  name = each.key
  role = aws_iam_role.this[each.key].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for statement in each.value.statements : {
      for key, value in {
        Sid       = statement.sid
        Effect    = "Allow"
        Action    = statement.actions
        Resource  = statement.resources
        Condition = statement.conditions
      } : key => value if value != null
    }]
  })
}
