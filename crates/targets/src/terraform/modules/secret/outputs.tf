output "arn" {
  description = "ARN, with its random ending: for IAM policies and for a task's secrets."
  value       = aws_secretsmanager_secret.this.arn
}

output "name" {
  description = "Name of the secret."
  value       = aws_secretsmanager_secret.this.name
}
