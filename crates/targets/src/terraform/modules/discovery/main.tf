# A private DNS namespace of the VPC in which services find each other's tasks by name.

resource "aws_service_discovery_private_dns_namespace" "this" {
  name = var.name
  vpc  = var.vpc_id
}

resource "aws_service_discovery_service" "this" {
  for_each = var.services

  name = each.key

  dns_config {
    namespace_id   = aws_service_discovery_private_dns_namespace.this.id
    routing_policy = "MULTIVALUE"

    # A stopped task's address must not outlive it in resolvers for long.
    dns_records {
      type = "A"
      ttl  = 10
    }
  }

  # ECS reports each task's health. Cloud Map takes no other threshold than 1.
  health_check_custom_config {
    failure_threshold = 1
  }
}
