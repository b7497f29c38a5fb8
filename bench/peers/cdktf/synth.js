// Synthesizes stacks of AWS resources with CDK for Terraform, without a provider package, which would only be slower:
// node synth.js OUT COUNT… makes one stack for each COUNT, with so many resources.

const { App, TerraformProvider, TerraformResource, TerraformStack, TerraformOutput } = require("cdktf");

const [out, ...counts] = process.argv.slice(2);
const generator = { providerName: "aws", providerVersionConstraint: "~> 5.0" };

// Kinds of resource with about as many settings as those of a system have.
const kinds = [
  ["aws_sqs_queue", (name) => ({ name, message_retention_seconds: 345600, visibility_timeout_seconds: 60, sqs_managed_sse_enabled: true })],
  ["aws_s3_bucket", (name) => ({ bucket: `${name}-123456789012`, force_destroy: false })],
  ["aws_security_group", (name) => ({ name, description: `Tasks of ${name}`, vpc_id: "${var.vpc_id}" })],
  ["aws_iam_role", (name) => ({ name, assume_role_policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" }] }) })],
  ["aws_cloudwatch_log_group", (name) => ({ name: `/ecs/${name}`, retention_in_days: 30 })],
  ["aws_lb_target_group", (name) => ({ name, port: 8000, protocol: "HTTP", target_type: "ip", health_check: { path: "/healthz", interval: 10, timeout: 5 } })],
  ["aws_ecs_task_definition", (name) => ({ family: name, cpu: "256", memory: "512", network_mode: "awsvpc", container_definitions: JSON.stringify([{ name, image: "example:1", environment: [{ name: "LOG_LEVEL", value: "info" }] }]) })],
  ["aws_cloudwatch_metric_alarm", (name) => ({ alarm_name: name, comparison_operator: "GreaterThanThreshold", threshold: 1, evaluation_periods: 3, period: 60, statistic: "Sum", namespace: "AWS/SQS", metric_name: "ApproximateNumberOfMessagesVisible" })],
];

class Stack extends TerraformStack {
  constructor(app, id, count) {
    super(app, id);
    const provider = new TerraformProvider(this, "aws", { terraformResourceType: "aws", terraformGeneratorMetadata: generator, terraformProviderSource: "hashicorp/aws" });
    provider.addOverride("region", "us-east-1");
    for (let number = 0; number < count; number += 1) {
      const [type, settings] = kinds[number % kinds.length];
      const resource = new TerraformResource(this, `r${number}`, { terraformResourceType: type, terraformGeneratorMetadata: generator });
      for (const [key, value] of Object.entries(settings(`${id}-${number}`))) resource.addOverride(key, value);
    }
    new TerraformOutput(this, "first", { value: "${" + `${kinds[0][0]}.r0.id` + "}" });
  }
}

const app = new App({ outdir: out, skipValidation: true });
counts.forEach((count, number) => new Stack(app, `stack-${number}`, Number(count)));
app.synth();
