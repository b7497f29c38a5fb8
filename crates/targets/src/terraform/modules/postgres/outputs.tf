output "host" {
  description = "Host name that clients connect to."
  value       = aws_db_instance.this.address
}

output "port" {
  description = "TCP port."
  value       = aws_db_instance.this.port
}

output "database" {
  description = "Name of the database."
  value       = aws_db_instance.this.db_name
}

output "user" {
  description = "Name of the master user."
  value       = var.user
}

output "secret_arn" {
  description = "ARN of the secret that AWS keeps the credentials in: JSON with `username` and `password`."
  value       = one(aws_db_instance.this.master_user_secret[*].secret_arn)
}

output "security_group_id" {
  description = "Security group that has no rules of its own: callers add who may connect."
  value       = aws_security_group.this.id
}

output "identifier" {
  description = "DBInstanceIdentifier of CloudWatch's metrics."
  value       = aws_db_instance.this.identifier
}

output "arn" {
  description = "ARN of the instance."
  value       = aws_db_instance.this.arn
}
