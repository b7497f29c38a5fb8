# The network of one environment: a VPC with public and private subnets in two or three zones.

locals {
  # Every subnet is a /24: public ones are number 1, 2, 3 of the range, private ones 11, 12, 13, in zone order.
  # For 10.0.0.0/16 these are 10.0.1.0/24 … and 10.0.11.0/24 …; the numbers between are free for later tiers.
  subnet_bits = 24 - tonumber(split("/", var.cidr)[1])
  zone_number = { for index, zone in var.availability_zones : zone => index + 1 }
}

resource "aws_vpc" "this" {
  cidr_block = var.cidr

  # Private DNS of interface endpoints needs both ("Private DNS for VPC endpoints" in the AWS PrivateLink guide).
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = var.name }

  lifecycle {
    precondition {
      condition     = alltrue([for zone in var.availability_zones : startswith(zone, var.region)])
      error_message = "Each of availability_zones must be a zone of region ${var.region}."
    }
  }
}

# Every VPC has a default security group that lets its members talk. Without rules nobody uses it by accident (EC2.2).
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-default-closed" }
}

resource "aws_subnet" "public" {
  for_each = local.zone_number

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = cidrsubnet(var.cidr, local.subnet_bits, each.value)
  map_public_ip_on_launch = false

  tags = merge({ Name = "${var.name}-public-${each.key}" }, var.public_subnet_tags)
}

resource "aws_subnet" "private" {
  for_each = local.zone_number

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = cidrsubnet(var.cidr, local.subnet_bits, each.value + 10)
  map_public_ip_on_launch = false

  tags = merge({ Name = "${var.name}-private-${each.key}" }, var.private_subnet_tags)
}
