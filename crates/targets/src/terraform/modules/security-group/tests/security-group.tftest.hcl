mock_provider "aws" {}

variables {
  name        = "ingest-prod-api"
  description = "Service api of ingest-prod"
  vpc_id      = "vpc-0a1b2c3d"
}

run "closed_without_rules" {
  command = plan

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.this) == 0 && length(aws_vpc_security_group_egress_rule.this) == 0
    error_message = "Without rules nothing may come in or go out."
  }

  assert {
    condition     = aws_security_group.this.name_prefix == "ingest-prod-api-" && aws_security_group.this.tags.Name == "ingest-prod-api"
    error_message = "The group must carry its name."
  }

  assert {
    condition     = aws_security_group.this.description == "Service api of ingest-prod" && aws_security_group.this.vpc_id == "vpc-0a1b2c3d"
    error_message = "The group must have its description and VPC."
  }
}

run "rules" {
  command = apply

  variables {
    ingress = {
      balancer = { description = "From the load balancer", port = 8080, security_group_id = "sg-0b" }
      statsd   = { description = "Measures of the VPC", port = 8125, protocol = "udp", cidr_ipv4 = "10.0.0.0/16" }
    }
    egress = {
      s3       = { description = "To S3", port = 443, prefix_list_id = "pl-0c" }
      database = { description = "To the database", port = 5432, security_group_id = "sg-0d" }
    }
  }

  assert {
    condition = jsonencode({ for key, rule in aws_vpc_security_group_ingress_rule.this : key => [
      rule.security_group_id, rule.description, rule.ip_protocol, rule.from_port, rule.to_port, rule.cidr_ipv4, rule.referenced_security_group_id, rule.prefix_list_id
      ] }) == jsonencode({
      balancer = [output.id, "From the load balancer", "tcp", 8080, 8080, null, "sg-0b", null]
      statsd   = [output.id, "Measures of the VPC", "udp", 8125, 8125, "10.0.0.0/16", null, null]
    })
    error_message = "Ingress rules must be those written."
  }

  assert {
    condition = jsonencode({ for key, rule in aws_vpc_security_group_egress_rule.this : key => [
      rule.security_group_id, rule.description, rule.ip_protocol, rule.from_port, rule.to_port, rule.cidr_ipv4, rule.referenced_security_group_id, rule.prefix_list_id
      ] }) == jsonencode({
      database = [output.id, "To the database", "tcp", 5432, 5432, null, "sg-0d", null]
      s3       = [output.id, "To S3", "tcp", 443, 443, null, null, "pl-0c"]
    })
    error_message = "Egress rules must be those written."
  }

  assert {
    condition     = output.id == aws_security_group.this.id
    error_message = "The output must be the group's id."
  }
}

run "ingress_without_peer" {
  command = plan

  variables {
    ingress = { web = { description = "Web", port = 443 } }
  }

  expect_failures = [var.ingress]
}

run "ingress_with_two_peers" {
  command = plan

  variables {
    ingress = { web = { description = "Web", port = 443, cidr_ipv4 = "10.0.0.0/16", security_group_id = "sg-0b" } }
  }

  expect_failures = [var.ingress]
}

run "ingress_to_port_zero" {
  command = plan

  variables {
    ingress = { web = { description = "Web", port = 0, cidr_ipv4 = "10.0.0.0/16" } }
  }

  expect_failures = [var.ingress]
}

run "ingress_of_every_protocol" {
  command = plan

  variables {
    ingress = { web = { description = "Web", port = 443, cidr_ipv4 = "10.0.0.0/16", protocol = "-1" } }
  }

  expect_failures = [var.ingress]
}

run "ingress_with_host_bits" {
  command = plan

  variables {
    ingress = { web = { description = "Web", port = 443, cidr_ipv4 = "10.0.0.1/16" } }
  }

  expect_failures = [var.ingress]
}

run "ingress_without_description" {
  command = plan

  variables {
    ingress = { web = { description = "", port = 443, cidr_ipv4 = "10.0.0.0/16" } }
  }

  expect_failures = [var.ingress]
}

run "egress_without_peer" {
  command = plan

  variables {
    egress = { web = { description = "Web", port = 443 } }
  }

  expect_failures = [var.egress]
}

run "egress_with_two_peers" {
  command = plan

  variables {
    egress = { web = { description = "Web", port = 443, cidr_ipv4 = "10.0.0.0/16", security_group_id = "sg-0b" } }
  }

  expect_failures = [var.egress]
}

run "egress_to_port_zero" {
  command = plan

  variables {
    egress = { web = { description = "Web", port = 0, cidr_ipv4 = "10.0.0.0/16" } }
  }

  expect_failures = [var.egress]
}

run "egress_of_every_protocol" {
  command = plan

  variables {
    egress = { web = { description = "Web", port = 443, cidr_ipv4 = "10.0.0.0/16", protocol = "-1" } }
  }

  expect_failures = [var.egress]
}

run "egress_with_host_bits" {
  command = plan

  variables {
    egress = { web = { description = "Web", port = 443, cidr_ipv4 = "10.0.0.1/16" } }
  }

  expect_failures = [var.egress]
}

run "egress_without_description" {
  command = plan

  variables {
    egress = { web = { description = "", port = 443, cidr_ipv4 = "10.0.0.0/16" } }
  }

  expect_failures = [var.egress]
}

run "description_aws_refuses" {
  command = plan

  variables {
    description = "the api's group"
  }

  expect_failures = [var.description]
}

run "name_like_an_id" {
  command = plan

  variables {
    name = "sg-api"
  }

  expect_failures = [var.name]
}
