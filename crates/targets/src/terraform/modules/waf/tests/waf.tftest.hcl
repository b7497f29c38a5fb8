mock_provider "aws" {}

variables {
  name               = "ingest-prod"
  scope              = "REGIONAL"
  managed_rules      = {}
  log_retention_days = 30
}

run "nothing_but_logs" {
  command = plan

  assert {
    condition     = aws_wafv2_web_acl.this.name == "ingest-prod" && aws_wafv2_web_acl.this.scope == "REGIONAL" && length(aws_wafv2_web_acl.this.rule) == 0
    error_message = "no rules unless told"
  }
  assert {
    condition     = length(aws_wafv2_web_acl.this.default_action[0].allow) == 1 && length(aws_wafv2_web_acl.this.default_action[0].block) == 0
    error_message = "what no rule stops passes"
  }
  assert {
    condition     = aws_wafv2_web_acl.this.visibility_config[0].cloudwatch_metrics_enabled && aws_wafv2_web_acl.this.visibility_config[0].metric_name == "ingest-prod"
    error_message = "the web ACL has metrics"
  }
  assert {
    condition     = aws_cloudwatch_log_group.this.name == "aws-waf-logs-ingest-prod" && aws_cloudwatch_log_group.this.retention_in_days == 30 && aws_cloudwatch_log_group.this.kms_key_id == null
    error_message = "the log group has the name WAF demands"
  }
  assert {
    condition     = [for field in aws_wafv2_web_acl_logging_configuration.this.redacted_fields : field.single_header[0].name] == ["authorization", "cookie"]
    error_message = "credentials are left out of the logs"
  }
  assert {
    condition     = aws_wafv2_web_acl_logging_configuration.this.logging_filter[0].default_behavior == "DROP"
    error_message = "what passed is not logged"
  }
  assert {
    condition = toset(flatten([
      for filter in aws_wafv2_web_acl_logging_configuration.this.logging_filter[0].filter : [
        for condition in filter.condition : "${filter.behavior} ${condition.action_condition[0].action}"
      ]
    ])) == toset(["KEEP BLOCK", "KEEP COUNT"])
    error_message = "what was stopped or counted is"
  }
  assert {
    condition     = length(aws_wafv2_web_acl_association.this) == 0
    error_message = "it stands before nothing"
  }
}

run "rules" {
  command = plan

  variables {
    rate_limit    = 2000
    associate_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/ingest-prod/1"
    kms_key_arn   = "arn:aws:kms:us-east-1:123456789012:key/1"
    managed_rules = {
      AWSManagedRulesCommonRuleSet         = { priority = 1, count = ["SizeRestrictions_BODY"] }
      AWSManagedRulesKnownBadInputsRuleSet = { priority = 2 }
    }
  }

  assert {
    condition = { for rule in aws_wafv2_web_acl.this.rule : rule.name => rule.priority } == {
      rate-limit                           = 0
      AWSManagedRulesCommonRuleSet         = 1
      AWSManagedRulesKnownBadInputsRuleSet = 2
    }
    error_message = "the limit is asked first, then the managed rules"
  }
  assert {
    condition = one([
      for rule in aws_wafv2_web_acl.this.rule : rule.statement[0].rate_based_statement[0].limit if rule.name == "rate-limit"
    ]) == 2000
    error_message = "the limit is the given one"
  }
  assert {
    condition = one([
      for rule in aws_wafv2_web_acl.this.rule : rule.action[0].block[0].custom_response[0].response_code if rule.name == "rate-limit"
    ]) == 429
    error_message = "who is over the limit is told so"
  }
  assert {
    condition = flatten([
      for rule in aws_wafv2_web_acl.this.rule : rule.statement[0].managed_rule_group_statement[*].rule_action_override[*].name
    ]) == ["SizeRestrictions_BODY"]
    error_message = "only the named rule counts"
  }
  assert {
    condition     = alltrue([for rule in aws_wafv2_web_acl.this.rule : length(rule.override_action[0].none) == 1 if rule.name != "rate-limit"])
    error_message = "managed rules act as their owner wrote them"
  }
  assert {
    condition     = toset([for rule in aws_wafv2_web_acl.this.rule : rule.visibility_config[0].metric_name]) == toset(["ingest-prod-rate-limit", "ingest-prod-AWSManagedRulesCommonRuleSet", "ingest-prod-AWSManagedRulesKnownBadInputsRuleSet"])
    error_message = "every rule has a metric"
  }
  assert {
    condition     = aws_wafv2_web_acl_association.this[0].resource_arn == var.associate_arn
    error_message = "it stands before the balancer"
  }
  assert {
    condition     = aws_cloudwatch_log_group.this.kms_key_id == var.kms_key_arn
    error_message = "the logs are encrypted with the given key"
  }
}

run "distributions_name_their_web_acl" {
  command         = plan
  expect_failures = [aws_wafv2_web_acl_association.this]

  variables {
    scope         = "CLOUDFRONT"
    associate_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/ingest-prod/1"
  }
}

run "refused" {
  command         = plan
  expect_failures = [var.name, var.scope, var.rate_limit, var.managed_rules, var.redacted_headers, var.log_retention_days]

  variables {
    name               = "a name"
    scope              = "GLOBAL"
    rate_limit         = 9
    managed_rules      = { AWSManagedRulesCommonRuleSet = { priority = 0 } }
    redacted_headers   = ["cookie"]
    log_retention_days = 2
  }
}

run "refuses_shared_priorities" {
  command         = plan
  expect_failures = [var.managed_rules]

  variables {
    managed_rules = {
      AWSManagedRulesCommonRuleSet         = { priority = 1 }
      AWSManagedRulesKnownBadInputsRuleSet = { priority = 1 }
    }
  }
}
