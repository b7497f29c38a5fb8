output "host" {
  description = "Host name of the instance that writes, whichever that is. Clients have to use TLS."
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "reader_host" {
  description = "Host name that spreads connections over the instances that read."
  value       = aws_elasticache_replication_group.this.reader_endpoint_address
}

output "port" {
  description = "TCP port."
  value       = aws_elasticache_replication_group.this.port
}

output "security_group_id" {
  description = "Security group that has no rules of its own: callers add who may connect."
  value       = aws_security_group.this.id
}

output "id" {
  description = "Identifier of the replication group."
  value       = aws_elasticache_replication_group.this.id
}

output "member_ids" {
  description = "CacheClusterIds of CloudWatch's metrics, one for each instance."
  value       = aws_elasticache_replication_group.this.member_clusters
}

output "arn" {
  description = "ARN of the replication group."
  value       = aws_elasticache_replication_group.this.arn
}
