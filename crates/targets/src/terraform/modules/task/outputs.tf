output "task_definition_arn" {
  description = "ARN of the task definition's revision."
  value       = aws_ecs_task_definition.this.arn
}

output "task_definition_family_arn" {
  description = "ARN of the family without a revision: it stands for the newest one."
  value       = aws_ecs_task_definition.this.arn_without_revision
}

output "family" {
  description = "Name of the task definition's family."
  value       = aws_ecs_task_definition.this.family
}

output "container_name" {
  description = "Name of the task's container."
  value       = local.container_name
}

output "task_role_arn" {
  description = "ARN of the role that the process has."
  value       = aws_iam_role.task.arn
}

output "execution_role_arn" {
  description = "ARN of the role that starts the task."
  value       = aws_iam_role.execution.arn
}

output "log_group_name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "container_definitions" {
  description = "The container definitions, to write a task definition file from."
  value       = [local.container]
}
