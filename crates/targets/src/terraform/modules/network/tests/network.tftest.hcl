mock_provider "aws" {
  mock_resource "aws_vpc" {
    defaults = { owner_id = "123456789012", cidr_block = "10.0.0.0/16" }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:/vpc/ingest-prod" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/ingest-prod-flow-logs" }
  }
}

variables {
  name                    = "ingest-prod"
  region                  = "us-east-1"
  cidr                    = "10.0.0.0/16"
  availability_zones      = ["us-east-1a", "us-east-1b", "us-east-1c"]
  nat                     = "none"
  endpoints               = []
  flow_log_retention_days = 30
}

run "addresses" {
  command = plan

  assert {
    condition     = { for zone, subnet in aws_subnet.public : zone => subnet.cidr_block } == { "us-east-1a" = "10.0.1.0/24", "us-east-1b" = "10.0.2.0/24", "us-east-1c" = "10.0.3.0/24" }
    error_message = "Public subnets must be 10.0.1.0/24 to 10.0.3.0/24."
  }

  assert {
    condition     = { for zone, subnet in aws_subnet.private : zone => subnet.cidr_block } == { "us-east-1a" = "10.0.11.0/24", "us-east-1b" = "10.0.12.0/24", "us-east-1c" = "10.0.13.0/24" }
    error_message = "Private subnets must be 10.0.11.0/24 to 10.0.13.0/24."
  }

  assert {
    condition     = !anytrue([for subnet in concat(values(aws_subnet.public), values(aws_subnet.private)) : subnet.map_public_ip_on_launch])
    error_message = "No subnet may give out public addresses by itself."
  }

  assert {
    condition     = aws_vpc.this.enable_dns_support && aws_vpc.this.enable_dns_hostnames
    error_message = "Private DNS needs DNS support and hostnames."
  }
}

run "addresses_of_the_smallest_range" {
  command = plan

  variables {
    cidr               = "172.20.16.0/20"
    availability_zones = ["us-east-1a", "us-east-1b"]
  }

  assert {
    condition     = [for subnet in concat(values(aws_subnet.public), values(aws_subnet.private)) : subnet.cidr_block] == ["172.20.17.0/24", "172.20.18.0/24", "172.20.27.0/24", "172.20.28.0/24"]
    error_message = "A /20 must hold the same /24 subnets."
  }
}

run "closed_by_default" {
  command = apply

  assert {
    condition     = length(aws_default_security_group.this.ingress) == 0 && length(aws_default_security_group.this.egress) == 0
    error_message = "The default security group must have no rules."
  }

  assert {
    condition     = length(aws_security_group.endpoints) == 0 && output.endpoint_security_group_id == null
    error_message = "Without interface endpoints there must be no group for them."
  }
}

run "no_nat" {
  command = plan

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_eip.nat) == 0 && length(aws_route.nat) == 0
    error_message = "nat = none must make no way out of the private subnets."
  }

  assert {
    condition     = tolist(keys(aws_route_table.private)) == var.availability_zones
    error_message = "Each private subnet must have its route table."
  }

  assert {
    condition     = output.nat_cidrs == []
    error_message = "Without NAT there are no addresses."
  }
}

run "single_nat" {
  command = apply

  variables {
    nat = "single"
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["us-east-1a"] && aws_nat_gateway.this["us-east-1a"].subnet_id == aws_subnet.public["us-east-1a"].id
    error_message = "The one NAT gateway must be in the public subnet of the first zone."
  }

  assert {
    condition     = alltrue([for zone in var.availability_zones : aws_route.nat[zone].nat_gateway_id == aws_nat_gateway.this["us-east-1a"].id && aws_route.nat[zone].route_table_id == aws_route_table.private[zone].id])
    error_message = "Each private route table must lead to the one NAT gateway."
  }

  assert {
    condition     = alltrue([for zone in var.availability_zones : aws_route_table_association.private[zone].route_table_id == aws_route_table.private[zone].id && aws_route_table_association.private[zone].subnet_id == aws_subnet.private[zone].id])
    error_message = "Each private subnet must use its route table."
  }

  assert {
    condition     = output.nat_cidrs == ["${aws_eip.nat["us-east-1a"].public_ip}/32"]
    error_message = "The output must be the gateway's address."
  }
}

run "nat_per_zone" {
  command = apply

  variables {
    nat = "per_zone"
  }

  assert {
    condition = alltrue([for zone in var.availability_zones :
      aws_nat_gateway.this[zone].subnet_id == aws_subnet.public[zone].id &&
      aws_route.nat[zone].nat_gateway_id == aws_nat_gateway.this[zone].id &&
      aws_route.nat[zone].route_table_id == aws_route_table.private[zone].id &&
      aws_route_table_association.private[zone].route_table_id == aws_route_table.private[zone].id
    ])
    error_message = "Each zone must use its own NAT gateway."
  }

  assert {
    condition     = output.nat_cidrs == [for zone in var.availability_zones : "${aws_eip.nat[zone].public_ip}/32"]
    error_message = "There must be an address for each zone."
  }
}

run "public_subnets_reach_the_internet" {
  command = apply

  assert {
    condition     = aws_route.internet.gateway_id == aws_internet_gateway.this.id && aws_route.internet.destination_cidr_block == "0.0.0.0/0"
    error_message = "The public route table must lead to the internet gateway."
  }

  assert {
    condition     = alltrue([for zone in var.availability_zones : aws_route_table_association.public[zone].route_table_id == aws_route_table.public.id && aws_route_table_association.public[zone].subnet_id == aws_subnet.public[zone].id])
    error_message = "Each public subnet must use the public route table."
  }
}

run "subnets_in_zone_order" {
  command = apply

  variables {
    availability_zones = ["us-east-1c", "us-east-1a"]
  }

  assert {
    condition     = output.public_subnet_ids == [aws_subnet.public["us-east-1c"].id, aws_subnet.public["us-east-1a"].id]
    error_message = "Public subnets must come in the order of the zones."
  }

  assert {
    condition     = output.private_subnet_ids == [aws_subnet.private["us-east-1c"].id, aws_subnet.private["us-east-1a"].id]
    error_message = "Private subnets must come in the order of the zones."
  }
}

run "gateway_endpoints" {
  command = apply

  variables {
    nat               = "per_zone"
    gateway_endpoints = ["s3", "dynamodb"]
  }

  assert {
    condition     = { for service, endpoint in aws_vpc_endpoint.gateway : service => endpoint.service_name } == { dynamodb = "com.amazonaws.us-east-1.dynamodb", s3 = "com.amazonaws.us-east-1.s3" }
    error_message = "There must be a gateway endpoint for each service."
  }

  assert {
    condition     = aws_vpc_endpoint.gateway["s3"].route_table_ids == toset(concat([aws_route_table.public.id], [for table in aws_route_table.private : table.id]))
    error_message = "A gateway endpoint must be in every route table."
  }

  assert {
    condition     = output.gateway_prefix_list_ids["s3"] == aws_vpc_endpoint.gateway["s3"].prefix_list_id
    error_message = "The output must name the prefix list of each gateway endpoint."
  }
}

run "s3_endpoint_by_default" {
  command = plan

  assert {
    condition     = keys(aws_vpc_endpoint.gateway) == ["s3"] && length(aws_vpc_endpoint.interface) == 0
    error_message = "Only the S3 gateway endpoint is there by default."
  }
}

run "interface_endpoints" {
  command = apply

  variables {
    endpoints = ["sqs", "ecr.api"]
  }

  assert {
    condition     = { for service, endpoint in aws_vpc_endpoint.interface : service => endpoint.service_name } == { "ecr.api" = "com.amazonaws.us-east-1.ecr.api", sqs = "com.amazonaws.us-east-1.sqs" }
    error_message = "There must be an interface endpoint for each service."
  }

  assert {
    condition = alltrue([for endpoint in aws_vpc_endpoint.interface :
      endpoint.private_dns_enabled &&
      endpoint.subnet_ids == toset([for subnet in aws_subnet.private : subnet.id]) &&
      endpoint.security_group_ids == toset([output.endpoint_security_group_id])
    ])
    error_message = "Interface endpoints must be in the private subnets, behind their group, with private DNS."
  }

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.endpoints[0].cidr_ipv4 == "10.0.0.0/16" &&
      aws_vpc_security_group_ingress_rule.endpoints[0].ip_protocol == "tcp" &&
      aws_vpc_security_group_ingress_rule.endpoints[0].from_port == 443 &&
      aws_vpc_security_group_ingress_rule.endpoints[0].to_port == 443
    )
    error_message = "Endpoints must take HTTPS from the VPC and nothing else."
  }
}

run "flow_logs" {
  command = apply

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/6f1b2c3d-0000-4000-8000-000000000000"
  }

  assert {
    condition     = aws_flow_log.this.vpc_id == aws_vpc.this.id && aws_flow_log.this.traffic_type == "ALL" && aws_flow_log.this.log_destination == aws_cloudwatch_log_group.flow_logs.arn
    error_message = "All traffic of the VPC must be logged to the log group."
  }

  assert {
    condition     = aws_cloudwatch_log_group.flow_logs.name == "/vpc/ingest-prod" && aws_cloudwatch_log_group.flow_logs.retention_in_days == 30 && aws_cloudwatch_log_group.flow_logs.kms_key_id == var.kms_key_arn
    error_message = "The log group must have its name, retention and key."
  }

  assert {
    condition = jsondecode(aws_iam_role.flow_logs.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = "123456789012" }
        ArnLike      = { "aws:SourceArn" = "arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/*" }
      }
    }]
    error_message = "Only flow logs of this account may take the role."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.flow_logs.policy).Statement == [{
      Sid      = "WriteFlowLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Resource = "arn:aws:logs:us-east-1:123456789012:log-group:/vpc/ingest-prod:*"
    }]
    error_message = "The role may write to its log group only."
  }
}

run "zone_of_another_region" {
  command = plan

  variables {
    availability_zones = ["us-east-1a", "eu-west-1a"]
  }

  expect_failures = [aws_vpc.this]
}

run "one_zone" {
  command = plan

  variables {
    availability_zones = ["us-east-1a"]
  }

  expect_failures = [var.availability_zones]
}

run "a_zone_twice" {
  command = plan

  variables {
    availability_zones = ["us-east-1a", "us-east-1a"]
  }

  expect_failures = [var.availability_zones]
}

run "range_too_small" {
  command = plan

  variables {
    cidr = "10.0.0.0/21"
  }

  expect_failures = [var.cidr]
}

run "range_with_host_bits" {
  command = plan

  variables {
    cidr = "10.0.1.0/16"
  }

  expect_failures = [var.cidr]
}

run "unknown_nat" {
  command = plan

  variables {
    nat = "double"
  }

  expect_failures = [var.nat]
}

run "full_service_name" {
  command = plan

  variables {
    endpoints = ["com.amazonaws.us-east-1.sqs"]
  }

  expect_failures = [var.endpoints]
}

run "gateway_endpoint_of_another_service" {
  command = plan

  variables {
    gateway_endpoints = ["sqs"]
  }

  expect_failures = [var.gateway_endpoints]
}

run "retention_that_is_not_offered" {
  command = plan

  variables {
    flow_log_retention_days = 10
  }

  expect_failures = [var.flow_log_retention_days]
}

run "name_with_capitals" {
  command = plan

  variables {
    name = "Ingest"
  }

  expect_failures = [var.name]
}

run "roles_within_a_boundary" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::123456789012:policy/shop-prod-boundary"
  }

  assert {
    condition     = alltrue([for role in [aws_iam_role.flow_logs] : role.permissions_boundary == var.permissions_boundary])
    error_message = "Every role must take the boundary."
  }
}

run "refuses_a_boundary_that_is_no_policy" {
  command = plan

  variables {
    permissions_boundary = "shop-prod-boundary"
  }

  expect_failures = [var.permissions_boundary]
}

run "tags_by_which_kubernetes_finds_subnets" {
  command = plan

  variables {
    public_subnet_tags  = { "kubernetes.io/role/elb" = "1" }
    private_subnet_tags = { "kubernetes.io/role/internal-elb" = "1" }
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : subnet.tags["kubernetes.io/role/elb"] == "1" && contains(keys(subnet.tags), "Name") && length(subnet.tags) == 2])
    error_message = "Public subnets must have their tags besides their names."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.private : subnet.tags["kubernetes.io/role/internal-elb"] == "1" && length(subnet.tags) == 2])
    error_message = "Private subnets must have their tags besides their names."
  }
}
