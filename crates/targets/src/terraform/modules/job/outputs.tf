output "arn" {
  description = "ARN of the schedule. Null when there is none."
  value       = one(aws_scheduler_schedule.this[*].arn)
}

output "role_arn" {
  description = "ARN of the role that the schedule starts the task with. Null when there is none."
  value       = one(aws_iam_role.schedule[*].arn)
}

output "dead_letter_arn" {
  description = "ARN of the queue of failed starts. Null when there is none."
  value       = one(aws_sqs_queue.failed_starts[*].arn)
}

output "dead_letter_name" {
  description = "Name of the queue of failed starts. Null when there is none."
  value       = one(aws_sqs_queue.failed_starts[*].name)
}
