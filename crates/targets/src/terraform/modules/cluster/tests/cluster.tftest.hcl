mock_provider "aws" {}

variables {
  name = "ingest-prod"
}

run "measures_by_default" {
  command = plan

  assert {
    condition     = aws_ecs_cluster.this.name == "ingest-prod" && output.name == "ingest-prod"
    error_message = "the cluster has the name that the caller gave"
  }

  assert {
    condition     = [for s in aws_ecs_cluster.this.setting : s.value if s.name == "containerInsights"] == ["enabled"]
    error_message = "Container Insights is on"
  }

  assert {
    condition     = length(aws_ecs_cluster.this.configuration) == 0
    error_message = "without a key AWS's own one encrypts the storage"
  }

  assert {
    condition     = aws_ecs_cluster_capacity_providers.this.capacity_providers == toset(["FARGATE", "FARGATE_SPOT"])
    error_message = "tasks run on Fargate only"
  }

  assert {
    condition     = [for s in aws_ecs_cluster_capacity_providers.this.default_capacity_provider_strategy : s.capacity_provider] == ["FARGATE"]
    error_message = "what names no provider is not run on spot capacity"
  }
}

run "without_insights" {
  command = plan

  variables {
    insights = false
  }

  assert {
    condition     = [for s in aws_ecs_cluster.this.setting : s.value if s.name == "containerInsights"] == ["disabled"]
    error_message = "Container Insights is off"
  }
}

run "own_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/0b2f"
  }

  assert {
    condition     = aws_ecs_cluster.this.configuration[0].managed_storage_configuration[0].fargate_ephemeral_storage_kms_key_id == "arn:aws:kms:us-east-1:123456789012:key/0b2f"
    error_message = "the given key encrypts the tasks' storage"
  }
}

run "refuses_a_bad_name" {
  command = plan

  variables {
    name = "ingest prod"
  }

  expect_failures = [var.name]
}
