output "name" {
  description = "Name of the cluster."
  value       = aws_eks_cluster.this.name
}

output "arn" {
  description = "ARN of the cluster."
  value       = aws_eks_cluster.this.arn
}

output "endpoint" {
  description = "URL of the Kubernetes API."
  value       = aws_eks_cluster.this.endpoint
}

output "certificate_authority" {
  description = "Certificate that signs the Kubernetes API's own, in base64 as a kubeconfig holds it."
  value       = aws_eks_cluster.this.certificate_authority[0].data
}

output "cluster_security_group_id" {
  description = "Security group EKS gives to the control plane and to every node: name it as the source when pods call a database."
  value       = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
}

output "api_security_group_id" {
  description = "Security group of the Kubernetes API alone, without rules: add ingress on 443 for whoever calls it from inside the VPC."
  value       = aws_security_group.api.id
}

output "node_role_arn" {
  description = "ARN of the nodes' role."
  value       = aws_iam_role.node.arn
}

output "pod_role_arns" {
  description = "ARNs of the pods' roles, by the keys of pod_roles."
  value       = { for key, role in aws_iam_role.pod : key => role.arn }
}

output "oidc_provider_arn" {
  description = "ARN of the cluster's OIDC provider, for roles that trust a service account's web identity."
  value       = aws_iam_openid_connect_provider.this.arn
}
