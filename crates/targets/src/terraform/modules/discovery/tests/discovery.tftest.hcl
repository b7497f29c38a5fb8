mock_provider "aws" {}

variables {
  name     = "ingest-prod.internal"
  vpc_id   = "vpc-0a1b"
  services = ["api", "worker"]
}

run "every_service_is_found" {
  command = apply

  assert {
    condition     = aws_service_discovery_private_dns_namespace.this.vpc == "vpc-0a1b"
    error_message = "the namespace belongs to the VPC"
  }

  assert {
    condition     = output.namespace_name == "ingest-prod.internal"
    error_message = "the namespace has the name that the caller gave"
  }

  assert {
    condition     = keys(output.service_arns) == ["api", "worker"]
    error_message = "each service has its ARN under its name"
  }

  assert {
    condition = alltrue([
      for name, s in aws_service_discovery_service.this :
      s.name == name
      && s.dns_config[0].namespace_id == output.namespace_id
      && s.dns_config[0].routing_policy == "MULTIVALUE"
      && s.dns_config[0].dns_records[0].type == "A"
      && s.dns_config[0].dns_records[0].ttl == 10
      && s.health_check_custom_config[0].failure_threshold == 1
    ])
    error_message = "each service answers with the addresses of all healthy tasks"
  }
}

run "no_service_yet" {
  command = plan

  variables {
    services = []
  }

  assert {
    condition     = length(aws_service_discovery_service.this) == 0
    error_message = "a namespace may be empty"
  }
}

run "refuses_a_bad_namespace" {
  command = plan

  variables {
    name = "Ingest_Prod"
  }

  expect_failures = [var.name]
}

run "refuses_a_bad_service" {
  command = plan

  variables {
    services = ["api.v1"]
  }

  expect_failures = [var.services]
}
