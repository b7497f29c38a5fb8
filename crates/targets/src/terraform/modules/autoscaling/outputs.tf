output "policy_names" {
  description = "Names of the scaling policies, sorted."
  value       = sort(concat(values(aws_appautoscaling_policy.predefined)[*].name, aws_appautoscaling_policy.queue_delay[*].name, aws_appautoscaling_policy.requests_across[*].name))
}
