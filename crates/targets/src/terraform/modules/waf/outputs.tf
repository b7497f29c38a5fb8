output "arn" {
  description = "ARN of the web ACL."
  value       = aws_wafv2_web_acl.this.arn
}

output "name" {
  description = "Name of the web ACL, for the WebACL dimension of its metrics."
  value       = aws_wafv2_web_acl.this.name
}
