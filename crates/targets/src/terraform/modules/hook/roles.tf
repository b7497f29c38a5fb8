resource "aws_iam_role" "function" {
  name                 = var.name
  description          = "The hook ${var.name} starts tasks of ${var.task_family} and answers CodeDeploy"
  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "function" {
  name = "hook"
  role = aws_iam_role.function.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Deployment"
        Effect   = "Allow"
        Action   = ["codedeploy:GetDeployment"]
        Resource = ["${format(local.arn, "codedeploy")}:deploymentgroup:${var.deployment_group}"]
      },
      {
        # Neither answering CodeDeploy nor writing traces has resource-level permissions (Service Authorization Reference).
        Sid      = "Answer"
        Effect   = "Allow"
        Action   = ["codedeploy:PutLifecycleEventHookExecutionStatus", "xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      {
        Sid      = "Start"
        Effect   = "Allow"
        Action   = ["ecs:RunTask"]
        Resource = ["${format(local.arn, "ecs")}:task-definition/${var.task_family}:*"]
        Condition = {
          ArnEquals = { "ecs:cluster" = var.cluster_arn }
        }
      },
      {
        Sid      = "Follow"
        Effect   = "Allow"
        Action   = ["ecs:DescribeTasks", "ecs:StopTask"]
        Resource = ["${format(local.arn, "ecs")}:task/${local.cluster_name}/*"]
      },
      {
        Sid      = "TaskRoles"
        Effect   = "Allow"
        Action   = ["iam:PassRole"]
        Resource = var.task_role_arns
        Condition = {
          StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" }
        }
      },
      {
        Sid      = "Limit"
        Effect   = "Allow"
        Action   = ["scheduler:CreateSchedule"]
        Resource = ["${format(local.arn, "scheduler")}:schedule/${var.name}/*"]
      },
      {
        Sid      = "LimitRole"
        Effect   = "Allow"
        Action   = ["iam:PassRole"]
        Resource = [aws_iam_role.limit.arn]
        Condition = {
          StringEquals = { "iam:PassedToService" = "scheduler.amazonaws.com" }
        }
      },
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${format(local.arn, "logs")}:log-group:/aws/lambda/${var.name}:*"]
      },
      {
        Sid      = "FailedCalls"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.failed.arn]
      },
    ]
  })
}

resource "aws_iam_role" "limit" {
  name                 = "${var.name}-limit"
  description          = "EventBridge Scheduler calls the hook ${var.name} when a task's time is up"
  permissions_boundary = var.permissions_boundary

  # "Confused deputy prevention in EventBridge Scheduler": the source is the schedule group.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        ArnEquals    = { "aws:SourceArn" = "${format(local.arn, "scheduler")}:schedule-group/${var.name}" }
      }
    }]
  })
}

resource "aws_iam_role_policy" "limit" {
  name = "limit"
  role = aws_iam_role.limit.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Hook"
      Effect   = "Allow"
      Action   = ["lambda:InvokeFunction"]
      Resource = [local.function_arn]
    }]
  })
}
