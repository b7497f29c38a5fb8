output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "cidr" {
  description = "IPv4 range of the VPC."
  value       = aws_vpc.this.cidr_block
}

# These outputs wait for the routes: what starts in a subnet before them has no way out.

output "public_subnet_ids" {
  description = "Ids of the public subnets, in the order of the zones."
  value       = [for zone in var.availability_zones : aws_subnet.public[zone].id]
  depends_on  = [aws_route.internet, aws_route_table_association.public]
}

output "private_subnet_ids" {
  description = "Ids of the private subnets, in the order of the zones."
  value       = [for zone in var.availability_zones : aws_subnet.private[zone].id]
  depends_on  = [aws_route.nat, aws_route_table_association.private]
}

output "nat_cidrs" {
  description = "Ranges of one address each from which the private subnets are seen outside, in the order of the zones; empty without NAT."
  value       = [for zone in local.nat_zones : "${aws_eip.nat[zone].public_ip}/32"]
}

output "gateway_prefix_list_ids" {
  description = "Prefix lists of the gateway endpoints by service, to allow this traffic out of a security group."
  value       = { for service, endpoint in aws_vpc_endpoint.gateway : service => endpoint.prefix_list_id }
}

output "endpoint_security_group_id" {
  description = "Security group of the interface endpoints; null when there are none."
  value       = one(aws_security_group.endpoints[*].id)
}
