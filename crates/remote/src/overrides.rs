//! `rehearsal_override.tf.json`, which terraform merges into a stack: no way to an account, for its resources or its state.
//!
//! Terraform, "Override Files" and "JSON Configuration Syntax". What is compiled stays as it is.

use serde_json::{Map, Value, json};

/// The file in a stack's folder.
pub(crate) const FILE: &str = "rehearsal_override.tf.json";

/// Keys that open nothing.
const KEY: &str = "rehearsal";

/// The services of the provider that the modules use (AWS provider, "Custom Service Endpoint Configuration").
const SERVICES: [&str; 33] = [
    "acm",
    "apigatewayv2",
    "applicationautoscaling",
    "autoscaling",
    "cloudfront",
    "cloudwatch",
    "codedeploy",
    "docdb",
    "dynamodb",
    "ec2",
    "ecr",
    "ecs",
    "eks",
    "elasticache",
    "elbv2",
    "events",
    "firehose",
    "iam",
    "kms",
    "lambda",
    "logs",
    "rds",
    "route53",
    "s3",
    "s3control",
    "scheduler",
    "secretsmanager",
    "servicediscovery",
    "sns",
    "sqs",
    "ssm",
    "sts",
    "wafv2",
];

/// Where the state is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum State<'a> {
    /// Where the stack's files say.
    Written,
    /// In a file of its folder.
    Local,
    /// In a bucket of the simulated AWS at this URL, whose name and key the stack's `backend.hcl` says.
    Simulator(&'a str),
}

/// Whom the provider talks to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reach<'a> {
    /// Nobody: enough for a plan.
    Nobody,
    /// A simulated AWS at this URL.
    Simulator(&'a str),
}

/// The override of a stack whose `providers.tf` is given.
pub(crate) fn text(providers: &str, reach: Reach<'_>, state: State<'_>) -> String {
    let mut aws = vec![provider(reach)];
    // The alias that CloudFront's firewall and certificates want.
    if providers.contains("us_east_1") {
        let mut second = provider(reach);
        second.insert("alias".to_owned(), json!("us_east_1"));
        aws.push(second);
    }
    let mut all = Map::new();
    all.insert("provider".to_owned(), json!({ "aws": aws }));
    if let Some(backend) = backend(state) {
        all.insert("terraform".to_owned(), json!({ "backend": backend }));
    }
    let all = Value::Object(all);
    format!("{all:#}\n")
}

/// Terraform, "S3 Backend".
fn backend(state: State<'_>) -> Option<Value> {
    match state {
        State::Written => None,
        State::Local => Some(json!({ "local": {} })),
        State::Simulator(endpoint) => Some(json!({ "s3": {
            "access_key": KEY,
            "secret_key": KEY,
            "skip_credentials_validation": true,
            "skip_metadata_api_check": true,
            "skip_region_validation": true,
            "skip_requesting_account_id": true,
            "use_path_style": true,
            "endpoints": { "s3": endpoint, "dynamodb": endpoint },
        } })),
    }
}

fn provider(reach: Reach<'_>) -> Map<String, Value> {
    let mut settings = Map::new();
    let mut set = |name: &str, value: Value| {
        settings.insert(name.to_owned(), value);
    };
    set("access_key", json!(KEY));
    set("secret_key", json!(KEY));
    set("skip_credentials_validation", json!(true));
    set("skip_metadata_api_check", json!(true));
    set("skip_region_validation", json!(true));
    match reach {
        Reach::Nobody => set("skip_requesting_account_id", json!(true)),
        Reach::Simulator(endpoint) => {
            // A call nobody knows is otherwise tried for minutes.
            set("max_retries", json!(2));
            set("s3_use_path_style", json!(true));
            let endpoints: Map<String, Value> =
                SERVICES.iter().map(|service| ((*service).to_owned(), json!(endpoint))).collect();
            set("endpoints", json!([endpoints]));
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{Reach, State, text};

    fn read(text: &str) -> Value {
        serde_json::from_str(text).expect("it is JSON")
    }

    #[test]
    fn an_offline_plan_asks_nobody_who_it_is() {
        let all = read(&text("provider \"aws\" {}", Reach::Nobody, State::Local));
        assert_eq!(all["provider"]["aws"].as_array().map(Vec::len), Some(1));
        assert_eq!(all["provider"]["aws"][0]["skip_requesting_account_id"], true);
        assert_eq!(all["provider"]["aws"][0]["endpoints"], Value::Null);
    }

    #[test]
    fn a_simulator_is_asked_everything_by_every_provider() {
        let all =
            read(&text("alias = \"us_east_1\"", Reach::Simulator("http://127.0.0.1:1"), State::Written));
        assert_eq!(all["terraform"], Value::Null);
        let providers = all["provider"]["aws"].as_array().expect("providers");
        assert_eq!(providers.len(), 2);
        for provider in providers {
            assert_eq!(provider["skip_requesting_account_id"], Value::Null);
            assert_eq!(provider["endpoints"][0]["sqs"], "http://127.0.0.1:1");
        }
        assert_eq!(providers[1]["alias"], "us_east_1");
    }

    #[test]
    fn a_state_in_a_bucket_is_in_one_of_the_simulators() {
        let url = "http://127.0.0.1:1";
        let all = read(&text("", Reach::Simulator(url), State::Simulator(url)));
        let backend = &all["terraform"]["backend"]["s3"];
        assert_eq!(backend["endpoints"]["s3"], url);
        assert_eq!(backend["endpoints"]["dynamodb"], url);
    }
}
