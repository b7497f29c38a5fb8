output "host" {
  description = "Host name of the instance that writes, whichever that is."
  value       = aws_docdb_cluster.this.endpoint
}

output "reader_host" {
  description = "Host name that spreads connections over the instances that read."
  value       = aws_docdb_cluster.this.reader_endpoint
}

output "port" {
  description = "TCP port."
  value       = aws_docdb_cluster.this.port
}

output "user" {
  description = "Name of the master user."
  value       = var.user
}

output "secret_arn" {
  description = "ARN of the secret that AWS keeps the credentials in: JSON with `username` and `password`."
  value       = one(aws_docdb_cluster.this.master_user_secret[*].secret_arn)
}

output "security_group_id" {
  description = "Security group that has no rules of its own: callers add who may connect."
  value       = aws_security_group.this.id
}

output "identifier" {
  description = "DBClusterIdentifier of CloudWatch's metrics."
  value       = aws_docdb_cluster.this.cluster_identifier
}

output "cluster_identifier" {
  description = "The same, under the name that only clusters have."
  value       = aws_docdb_cluster.this.cluster_identifier
}

output "arn" {
  description = "ARN of the cluster."
  value       = aws_docdb_cluster.this.arn
}
