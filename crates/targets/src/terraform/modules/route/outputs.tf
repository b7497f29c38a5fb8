# ECS takes no service whose target group stands behind no listener yet: what uses these ARNs waits for the rules.

output "target_group_arns" {
  description = "Target groups by colour: blue and green, or only."
  value       = { for colour, group in aws_lb_target_group.this : colour => group.arn }
  depends_on  = [aws_lb_listener_rule.rolling, aws_lb_listener_rule.blue_green]
}

output "target_group_arn" {
  description = "Target group a new service begins with: blue, or the only one."
  value       = aws_lb_target_group.this[var.blue_green ? "blue" : "only"].arn
  depends_on  = [aws_lb_listener_rule.rolling, aws_lb_listener_rule.blue_green]
}

output "target_group_names" {
  description = "Names of the target groups by colour: blue and green, or only."
  value       = { for colour, group in aws_lb_target_group.this : colour => group.name }
}

output "target_group_arn_suffix" {
  description = "What CloudWatch calls the group of target_group_arn in its TargetGroup dimension."
  value       = aws_lb_target_group.this[var.blue_green ? "blue" : "only"].arn_suffix
}

output "target_group_arn_suffixes" {
  description = "What CloudWatch calls the target groups, by colour: after a delivery either of blue and green may serve."
  value       = { for colour, group in aws_lb_target_group.this : colour => group.arn_suffix }
}
