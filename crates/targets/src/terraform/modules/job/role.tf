# The role that the schedule starts the task with.
resource "aws_iam_role" "schedule" {
  count = local.scheduled

  name                 = "${var.name}-schedule"
  description          = "Starts tasks of ${var.name} at their times."
  permissions_boundary = var.permissions_boundary

  # EventBridge Scheduler User Guide, "Confused deputy prevention": the source is the schedule's group, not the schedule.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = {
          "aws:SourceAccount" = var.account_id
          "aws:SourceArn"     = "arn:aws:scheduler:${var.region}:${var.account_id}:schedule-group/default"
        }
      }
    }]
  })
}

locals {
  schedule_statements = [
    {
      # Without a revision the request names the family alone; the task it starts is of a revision.
      Sid       = "RunTask"
      Effect    = "Allow"
      Action    = ["ecs:RunTask"]
      Resource  = [var.task_definition_arn, "${var.task_definition_arn}:*"]
      Condition = { ArnEquals = { "ecs:cluster" = var.cluster_arn } }
    },
    {
      Sid       = "TagTask"
      Effect    = "Allow"
      Action    = ["ecs:TagResource"]
      Resource  = ["arn:aws:ecs:${var.region}:${var.account_id}:task/${element(split("/", var.cluster_arn), 1)}/*"]
      Condition = { StringEquals = { "ecs:CreateAction" = "RunTask" } }
    },
    {
      Sid       = "GiveTaskItsRoles"
      Effect    = "Allow"
      Action    = ["iam:PassRole"]
      Resource  = sort(var.pass_role_arns)
      Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
    },
    {
      Sid      = "KeepFailedStarts"
      Effect   = "Allow"
      Action   = ["sqs:SendMessage"]
      Resource = aws_sqs_queue.failed_starts[*].arn
    },
    {
      # EventBridge Scheduler User Guide, "Encryption at rest"; Amazon SQS Developer Guide, "Key management".
      Sid      = "UseKey"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = var.kms_key_arn == null ? [] : [var.kms_key_arn]
    },
  ]
}

resource "aws_iam_role_policy" "schedule" {
  count = local.scheduled

  name = "schedule"
  role = aws_iam_role.schedule[0].id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [for statement in local.schedule_statements : statement if length(statement.Resource) > 0]
  })
}
