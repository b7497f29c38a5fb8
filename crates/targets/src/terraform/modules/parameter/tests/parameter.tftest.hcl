mock_provider "aws" {}

variables {
  name        = "/ingest/prod/log-level"
  description = "How much the services log."
}

run "plain" {
  command = plan

  variables {
    secure = false
    value  = "info"
  }

  assert {
    condition     = aws_ssm_parameter.plain[0].type == "String" && aws_ssm_parameter.plain[0].insecure_value == "info"
    error_message = "A plain parameter shows its value."
  }
  assert {
    condition     = length(aws_ssm_parameter.secure) == 0 && output.name == "/ingest/prod/log-level"
    error_message = "One parameter is made."
  }
}

run "secure" {
  command = apply

  variables {
    secure = true
  }

  assert {
    condition     = aws_ssm_parameter.secure[0].type == "SecureString" && aws_ssm_parameter.secure[0].key_id == "alias/aws/ssm"
    error_message = "Without a key AWS's own encrypts."
  }
  assert {
    condition     = nonsensitive(aws_ssm_parameter.secure[0].value) == "not set yet"
    error_message = "Terraform writes a placeholder."
  }
  assert {
    condition     = length(aws_ssm_parameter.plain) == 0 && output.arn == aws_ssm_parameter.secure[0].arn
    error_message = "One parameter is made, and the output is its ARN."
  }
}

run "secure_with_a_key" {
  command = plan

  variables {
    secure      = true
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/0b1e"
  }

  assert {
    condition     = aws_ssm_parameter.secure[0].key_id == "arn:aws:kms:us-east-1:123456789012:key/0b1e"
    error_message = "The given key encrypts."
  }
}

run "refuses_a_plain_one_without_a_value" {
  command = plan
  variables {
    secure = false
  }
  expect_failures = [aws_ssm_parameter.plain]
}

run "refuses_a_secret_in_configuration" {
  command = plan
  variables {
    secure = true
    value  = "hunter2"
  }
  expect_failures = [aws_ssm_parameter.secure]
}

run "refuses_a_name_that_is_no_path" {
  command = plan
  variables {
    name   = "log-level"
    secure = true
  }
  expect_failures = [var.name]
}

run "refuses_a_name_of_aws" {
  command = plan
  variables {
    name   = "/AWS/log-level"
    secure = true
  }
  expect_failures = [var.name]
}

run "refuses_an_empty_value" {
  command = plan
  variables {
    secure = false
    value  = ""
  }
  expect_failures = [var.value]
}

run "refuses_no_description" {
  command = plan
  variables {
    secure      = true
    description = ""
  }
  expect_failures = [var.description]
}
