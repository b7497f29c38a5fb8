mock_provider "aws" {}

variables {
  name                = "ingest-prod-worker"
  cluster_arn         = "arn:aws:ecs:us-east-1:123456789012:cluster/ingest-prod"
  task_definition_arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/ingest-prod-worker:1"
  desired_count       = 2
  subnet_ids          = ["subnet-1", "subnet-2"]
  security_group_ids  = ["sg-1"]
}

run "a_worker" {
  command = plan

  assert {
    condition = (
      aws_ecs_service.this.name == "ingest-prod-worker"
      && aws_ecs_service.this.cluster == "arn:aws:ecs:us-east-1:123456789012:cluster/ingest-prod"
      && aws_ecs_service.this.task_definition == "arn:aws:ecs:us-east-1:123456789012:task-definition/ingest-prod-worker:1"
      && aws_ecs_service.this.desired_count == 2
      && aws_ecs_service.this.launch_type == "FARGATE"
    )
    error_message = "the service runs the given tasks on Fargate"
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
    condition     = aws_ecs_service.this.deployment_circuit_breaker[0].enable && aws_ecs_service.this.deployment_circuit_breaker[0].rollback
    error_message = "a deployment that fails goes back"
  }

  assert {
    condition = (
      length(aws_ecs_service.this.load_balancer) == 0
      && length(aws_ecs_service.this.service_registries) == 0
      && length(aws_ecs_service.this.alarms) == 0
      && aws_ecs_service.this.health_check_grace_period_seconds == null
    )
    error_message = "a worker has no balancer, registry, alarm or grace period"
  }

  assert {
    condition = (
      aws_ecs_service.this.enable_execute_command == false
      && aws_ecs_service.this.enable_ecs_managed_tags
      && aws_ecs_service.this.propagate_tags == "SERVICE"
    )
    error_message = "no sessions, and tasks carry the service's tags"
  }

  assert {
    condition     = aws_ecs_service.this.deployment_minimum_healthy_percent == 100 && aws_ecs_service.this.deployment_maximum_percent == 200
    error_message = "new tasks come before old ones go"
  }
}

run "everything" {
  command = plan

  variables {
    minimum_healthy_percent = 50
    maximum_percent         = 150
    registry_arn            = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1"
    grace_seconds           = 30
    alarms                  = ["ingest-prod-worker-errors"]
    enable_execute_command  = true

    target_groups = {
      public = { arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/public/1", container_name = "api", port = 8080 }
      admin  = { arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/admin/1", container_name = "api", port = 9090 }
    }
  }

  assert {
    condition     = { for b in aws_ecs_service.this.load_balancer : b.container_port => b.target_group_arn } == { "8080" = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/public/1", "9090" = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/admin/1" }
    error_message = "the tasks are registered in both target groups"
  }

  assert {
    condition     = aws_ecs_service.this.health_check_grace_period_seconds == 30
    error_message = "a service behind a balancer has its grace period"
  }

  assert {
    condition     = aws_ecs_service.this.service_registries[0].registry_arn == "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1"
    error_message = "the tasks are found by name"
  }

  assert {
    condition = (
      aws_ecs_service.this.alarms[0].alarm_names == toset(["ingest-prod-worker-errors"])
      && aws_ecs_service.this.alarms[0].enable
      && aws_ecs_service.this.alarms[0].rollback
    )
    error_message = "the alarm rolls a deployment back"
  }

  assert {
    condition = (
      aws_ecs_service.this.enable_execute_command
      && aws_ecs_service.this.deployment_minimum_healthy_percent == 50
      && aws_ecs_service.this.deployment_maximum_percent == 150
    )
    error_message = "the options reach the service"
  }
}

run "recreate" {
  command = plan

  variables {
    minimum_healthy_percent = 0
    maximum_percent         = 100
  }

  assert {
    condition     = aws_ecs_service.this.deployment_minimum_healthy_percent == 0 && aws_ecs_service.this.deployment_maximum_percent == 100
    error_message = "the old tasks stop before the new ones start"
  }
}

run "refuses_percentages_that_replace_nothing" {
  command = plan

  variables {
    minimum_healthy_percent = 100
    maximum_percent         = 100
  }

  expect_failures = [aws_ecs_service.this]
}

run "refuses_bad_values" {
  command = plan

  variables {
    name                    = "ingest prod"
    desired_count           = 1.5
    subnet_ids              = []
    security_group_ids      = []
    minimum_healthy_percent = 101
    maximum_percent         = 250
    grace_seconds           = -1
  }

  expect_failures = [
    var.name, var.desired_count, var.subnet_ids, var.security_group_ids,
    var.minimum_healthy_percent, var.maximum_percent, var.grace_seconds,
  ]
}

run "refuses_six_target_groups" {
  command = plan

  variables {
    target_groups = { for i in range(6) : "g${i}" => { arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/g/${i}", container_name = "api", port = 8080 } }
  }

  expect_failures = [var.target_groups]
}

# What scaling and deliveries own stays as they left it: a second apply with other values changes neither.
run "apply" {
  command = apply
}

run "others_own_the_count_and_the_revision" {
  command = plan

  variables {
    desired_count       = 9
    task_definition_arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/ingest-prod-worker:7"
  }

  assert {
    condition     = aws_ecs_service.this.desired_count == 2 && endswith(aws_ecs_service.this.task_definition, ":1")
    error_message = "Terraform changes neither the number of tasks nor the revision"
  }
}
