# Lets the workflows of one GitHub repository act in the account with short-lived credentials instead of stored keys.

locals {
  issuer = "token.actions.githubusercontent.com"

  # Written, not read from the resource: the same whether the provider is made here or stood before.
  provider_arn = "arn:aws:iam::${var.account_id}:oidc-provider/${local.issuer}"

  subjects     = { for key, role in var.roles : key => [for subject in role.subjects : "repo:${var.repository}:${subject}"] }
  has_wildcard = { for key, role in var.roles : key => anytrue([for subject in role.subjects : can(regex("[*?]", subject))]) }

  policies = merge([for key, role in var.roles : {
    for name, statements in role.policies : "${key}-${name}" => {
      role = key
      name = name
      document = jsonencode({
        Version = "2012-10-17"
        Statement = [for statement in statements : {
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
  }]...)
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

# A managed policy for each name: a role's inline policies may hold 10,240 characters together, and one that applies a
# whole system takes more ("IAM and AWS STS quotas"). By name, a statement that comes or goes changes its own policy only.
resource "aws_iam_policy" "this" {
  for_each = local.policies

  name        = "${var.name}-${each.key}"
  description = "${var.roles[each.value.role].description} (${each.value.name})"
  policy      = each.value.document

  lifecycle {
    precondition {
      condition     = length(each.value.document) <= 6144
      error_message = "The policy ${each.key} has ${length(each.value.document)} characters; IAM takes 6,144. Part its statements under two names."
    }
  }
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = local.policies

  role       = aws_iam_role.this[each.value.role].name
  policy_arn = aws_iam_policy.this[each.key].arn
}
