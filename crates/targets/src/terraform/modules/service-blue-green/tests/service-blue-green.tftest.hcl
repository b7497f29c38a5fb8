mock_provider "aws" {}

variables {
  name                = "ingest-prod-api"
  cluster_arn         = "arn:aws:ecs:us-east-1:123456789012:cluster/ingest-prod"
  task_definition_arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/ingest-prod-api:1"
  desired_count       = 2
  subnet_ids          = ["subnet-1", "subnet-2"]
  security_group_ids  = ["sg-1"]

  target_group = {
    arn            = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/ingest-prod-api-blue/1"
    container_name = "api"
    port           = 8080
  }
}

run "codedeploy_deploys_it" {
  command = plan

  assert {
    condition     = aws_ecs_service.this.deployment_controller[0].type == "CODE_DEPLOY"
    error_message = "CodeDeploy does the deployments"
  }

  assert {
    condition     = length(aws_ecs_service.this.deployment_circuit_breaker) == 0 && length(aws_ecs_service.this.alarms) == 0
    error_message = "rolling back is CodeDeploy's, not ECS's"
  }

  assert {
    condition = [for b in aws_ecs_service.this.load_balancer : "${b.container_name}:${b.container_port} ${b.target_group_arn}"] == [
      "api:8080 arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/ingest-prod-api-blue/1"
    ]
    error_message = "the first tasks are registered in the blue group"
  }

  assert {
    condition = (
      aws_ecs_service.this.network_configuration[0].assign_public_ip == false
      && aws_ecs_service.this.network_configuration[0].subnets == toset(["subnet-1", "subnet-2"])
      && aws_ecs_service.this.network_configuration[0].security_groups == toset(["sg-1"])
    )
    error_message = "the tasks have no public address"
  }

  assert {
    condition = (
      aws_ecs_service.this.name == "ingest-prod-api"
      && aws_ecs_service.this.desired_count == 2
      && aws_ecs_service.this.launch_type == "FARGATE"
      && aws_ecs_service.this.health_check_grace_period_seconds == 60
      && aws_ecs_service.this.enable_execute_command == false
      && aws_ecs_service.this.propagate_tags == "SERVICE"
      && length(aws_ecs_service.this.service_registries) == 0
    )
    error_message = "the service has its defaults"
  }
}

run "found_by_name" {
  command = plan

  variables {
    registry_arn           = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1"
    grace_seconds          = 5
    enable_execute_command = true
  }

  assert {
    condition     = aws_ecs_service.this.service_registries[0].registry_arn == "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1"
    error_message = "the tasks are found by name"
  }

  assert {
    condition     = aws_ecs_service.this.health_check_grace_period_seconds == 5 && aws_ecs_service.this.enable_execute_command
    error_message = "the options reach the service"
  }
}

run "refuses_bad_values" {
  command = plan

  variables {
    name               = "ingest prod"
    desired_count      = -1
    subnet_ids         = []
    security_group_ids = []
    grace_seconds      = 0.5
    target_group       = { arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/x/1", container_name = "api", port = 0 }
  }

  expect_failures = [
    var.name, var.desired_count, var.subnet_ids, var.security_group_ids, var.grace_seconds, var.target_group,
  ]
}

# What deployments and scaling own stays as they left it: a second plan with other values changes none of it.
run "apply" {
  command = apply
}

run "others_own_what_a_deployment_moves" {
  command = plan

  variables {
    desired_count       = 9
    task_definition_arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/ingest-prod-api:7"
    subnet_ids          = ["subnet-3"]
    target_group        = { arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/ingest-prod-api-green/1", container_name = "api", port = 8080 }
  }

  assert {
    condition = (
      aws_ecs_service.this.desired_count == 2
      && endswith(aws_ecs_service.this.task_definition, ":1")
      && aws_ecs_service.this.network_configuration[0].subnets == toset(["subnet-1", "subnet-2"])
      && alltrue([for b in aws_ecs_service.this.load_balancer : endswith(b.target_group_arn, "-blue/1")])
    )
    error_message = "Terraform changes nothing that a deployment moves"
  }
}
