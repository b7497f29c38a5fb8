# The execution role starts the task: it pulls the image, reads the secrets and writes the log. Its trust is that of
# the Amazon ECS Developer Guide, "Task execution IAM role", which has no condition.
resource "aws_iam_role" "execution" {
  name                 = "${var.name}-execution"
  description          = "Starts tasks of ${var.name}."
  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

locals {
  execution_statements = [
    {
      # ecr:GetAuthorizationToken has no resource to name (Service Authorization Reference, Amazon ECR).
      Sid      = "LogInToRegistry"
      Effect   = "Allow"
      Action   = ["ecr:GetAuthorizationToken"]
      Resource = var.repository_arn == null ? [] : ["*"]
    },
    {
      Sid      = "PullImage"
      Effect   = "Allow"
      Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      Resource = var.repository_arn == null ? [] : [var.repository_arn]
    },
    {
      Sid      = "WriteLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["arn:aws:logs:${var.region}:${var.account_id}:log-group:/ecs/${var.name}:log-stream:*"]
    },
    {
      Sid      = "ReadParameters"
      Effect   = "Allow"
      Action   = ["ssm:GetParameters"]
      Resource = [for arn in sort(var.secret_arns) : arn if startswith(arn, "arn:aws:ssm:")]
    },
    {
      Sid      = "ReadSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = [for arn in sort(var.secret_arns) : arn if startswith(arn, "arn:aws:secretsmanager:")]
    },
    {
      Sid      = "DecryptSecrets"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = sort(var.secret_key_arns)
      Condition = {
        StringEquals = {
          "kms:ViaService" = ["secretsmanager.${var.region}.amazonaws.com", "ssm.${var.region}.amazonaws.com"]
        }
      }
    },
  ]
}

resource "aws_iam_role_policy" "execution" {
  name = "execution"
  role = aws_iam_role.execution.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [for statement in local.execution_statements : statement if length(statement.Resource) > 0]
  })
}

# The task role is what the process itself may do. Its trust is that of the Amazon ECS Developer Guide, "Task IAM role".
resource "aws_iam_role" "task" {
  name                 = "${var.name}-task"
  description          = "What the process of ${var.name} may do."
  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        ArnLike      = { "aws:SourceArn" = "arn:aws:ecs:${var.region}:${var.account_id}:*" }
      }
    }]
  })
}

resource "aws_iam_role_policy" "task" {
  count = length(var.statements) > 0 ? 1 : 0

  name = "task"
  role = aws_iam_role.task.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for s in var.statements : merge(
        { Sid = s.sid, Effect = "Allow", Action = s.actions, Resource = s.resources },
        s.conditions == null ? {} : { Condition = s.conditions },
      )
    ]
  })
}
