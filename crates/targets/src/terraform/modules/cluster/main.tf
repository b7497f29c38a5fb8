# The ECS cluster that holds a system's Fargate tasks.

resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = var.insights ? "enabled" : "disabled"
  }

  # Sessions of ECS Exec are off at each service, so the cluster configures no log for them.
  dynamic "configuration" {
    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]

    content {
      managed_storage_configuration {
        fargate_ephemeral_storage_kms_key_id = configuration.value
      }
    }
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
  }
}
