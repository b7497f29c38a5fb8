output "arn" {
  description = "ARN of the load balancer."
  value       = aws_lb.this.arn
}

output "arn_suffix" {
  description = "What CloudWatch calls the balancer in its LoadBalancer dimension."
  value       = aws_lb.this.arn_suffix
}

output "dns_name" {
  description = "DNS name of the load balancer."
  value       = aws_lb.this.dns_name
}

output "zone_id" {
  description = "Hosted zone of dns_name, for alias records."
  value       = aws_lb.this.zone_id
}

output "security_group_id" {
  description = "Security group of the load balancer."
  value       = aws_security_group.this.id
}

output "listener_arn" {
  description = "Listener that serves: HTTPS with a certificate, else HTTP."
  value       = local.https ? one(aws_lb_listener.https[*].arn) : one(aws_lb_listener.http[*].arn)
}

output "listener_port" {
  description = "Port of the listener that serves: 443 with a certificate, else 80."
  value       = local.serving_port
}

output "test_listener_arn" {
  description = "Listener that shows a new version before its traffic is shifted; null when there is none."
  value       = one(aws_lb_listener.test[*].arn)
}

output "own_listener_arns" {
  description = "Listeners of own_ports, by name."
  value       = { for name, listener in aws_lb_listener.own : name => listener.arn }
}
