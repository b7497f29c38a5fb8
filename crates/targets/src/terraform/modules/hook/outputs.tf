output "function_arn" {
  description = "ARN of the function, which the AppSpec names as its hook."
  value       = aws_lambda_function.this.arn
}

output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "log_group_name" {
  description = "Name of the function's log group. The command itself logs where its container does."
  value       = aws_cloudwatch_log_group.this.name
}

output "dead_letter_name" {
  description = "Name of the queue with the calls that failed."
  value       = aws_sqs_queue.failed.name
}
