# AWS's managed policy for this role reaches every service, balancer and function of the account. This one names its own.

locals {
  ecs_arn = "arn:aws:ecs:${var.region}:${var.account_id}"

  listeners = concat(var.listener_arns, var.test_listener_arns)
  rules     = [for arn in local.listeners : "${replace(arn, ":listener/", ":listener-rule/")}/*"]

  statements = concat(
    [
      {
        Sid    = "Service"
        Effect = "Allow"
        Action = ["ecs:CreateTaskSet", "ecs:DeleteTaskSet", "ecs:DescribeServices", "ecs:UpdateServicePrimaryTaskSet"]
        Resource = [
          "${local.ecs_arn}:service/${var.cluster_name}/${var.service_name}",
          "${local.ecs_arn}:task-set/${var.cluster_name}/${var.service_name}/*",
        ]
      },
      {
        # Elastic Load Balancing has no resource-level permission for describing.
        Sid      = "BalancerRead"
        Effect   = "Allow"
        Action   = ["elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTargetGroups"]
        Resource = ["*"]
      },
      {
        Sid      = "BalancerMove"
        Effect   = "Allow"
        Action   = ["elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule"]
        Resource = concat(local.listeners, local.rules)
      },
      {
        Sid      = "TaskRoles"
        Effect   = "Allow"
        Action   = ["iam:PassRole"]
        Resource = var.pass_role_arns
        Condition = {
          StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" }
        }
      },
    ],
    [for arns in [var.hook_function_arns] : {
      Sid      = "Hooks"
      Effect   = "Allow"
      Action   = ["lambda:InvokeFunction"]
      Resource = arns
    } if length(arns) > 0],
    [for names in [var.alarms] : {
      Sid      = "Alarms"
      Effect   = "Allow"
      Action   = ["cloudwatch:DescribeAlarms"]
      Resource = ["arn:aws:cloudwatch:${var.region}:${var.account_id}:alarm:*"]
    } if length(names) > 0],
  )
}

resource "aws_iam_role" "this" {
  name                 = "${var.name}-deploy"
  description          = "CodeDeploy moves the traffic of ${var.service_name}"
  permissions_boundary = var.permissions_boundary

  # "Cross-service confused deputy prevention", AWS CodeDeploy User Guide.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "codedeploy.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        ArnEquals    = { "aws:SourceArn" = "arn:aws:codedeploy:${var.region}:${var.account_id}:deploymentgroup:${var.name}/${var.name}" }
      }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "deploy"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = local.statements
  })
}
