//! Lines of the systems' contracts, where it takes more than one part to meet them.

use std::collections::BTreeMap;

use targets::Target;

use crate::systems::{resolve, text};

/// The files of one of the repository's systems.
pub(crate) fn compiled(system: &str, environment: &str) -> BTreeMap<String, String> {
    of(&text(system), environment)
}

/// The files of a manifest.
pub(crate) fn of(text: &str, environment: &str) -> BTreeMap<String, String> {
    let compiled = targets::compile(&resolve(text, environment), Target::Aws);
    let texts =
        compiled.files.into_iter().filter_map(|(path, file)| Some((path, String::from_utf8(file).ok()?)));
    texts.collect()
}

/// The block that a line begins, up to the line that closes it.
pub(crate) fn block<'a>(text: &'a str, begin: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("{begin} {{\n")).unwrap_or_else(|| panic!("{begin}: {text}"));
    rest.split_once("\n}").expect("a block ends").0
}

#[test]
fn ingests_worker_writes_below_its_prefix_only() {
    for environment in ["dev", "prod"] {
        let files = compiled("ingest", environment);
        let worker = &files[&format!("{environment}/compute/service_worker.tf")];
        let task = block(worker, "module \"worker_task\"");
        let objects = format!("[\"${{var.data.buckets.payloads.arn}}/emails/v1/{environment}/*\"]");
        assert!(
            task.contains(&format!("actions   = [\"s3:PutObject\"]\n      resources = {objects}")),
            "{task}"
        );
        assert_eq!(task.matches("s3:").count(), 1, "{task}");
        assert!(task.contains(&format!("APP_ENV       = \"{environment}\"")), "{task}");
    }
}

#[test]
fn a_prefix_limits_what_is_read_and_what_is_listed() {
    let manifest = "
name: shop
services:
  api: { type: worker, build: ., uses: { photos: { access: readwrite, prefix: holiday } } }
resources: { photos: { type: bucket } }
environments: { prod: {} }
";
    let files = of(manifest, "prod");
    let task = block(&files["prod/compute/service_api.tf"], "module \"api_task\"");
    for expected in [
        "resources = [\"${var.data.buckets.photos.arn}/holiday/*\"]",
        "actions   = [\"s3:ListBucket\"]",
        "\"s3:prefix\" = [\"holiday/*\"]",
    ] {
        assert!(task.contains(expected), "{expected}: {task}");
    }
    assert!(!task.contains(".arn}/*\""), "{task}");
}

/// The example is what an offline plan shows, so it has to be what the queue's module makes.
#[test]
fn the_alarm_on_dead_letters_watches_the_queue_that_there_is() {
    let files = compiled("ingest", "prod");
    let made = files["modules/queue/main.tf"].contains("\"${var.name}-dlq${local.suffix}\"");
    assert!(made, "the module names it otherwise");
    let example = &files["prod/compute/terraform.tfvars.example"];
    assert!(example.contains("dead_letter_name = \"ingest-prod-emails-dlq\""), "{example}");
}

#[test]
fn the_queue_that_scales_a_worker_is_the_one_it_consumes() {
    let manifest = "
name: shop
services:
  worker:
    type: worker
    build: .
    uses: { answers: send, questions: consume }
    scale: { min: 1, max: 5, queue_delay: { acceptable_latency: 1m, msg_processing_time: 1s } }
  reader: { type: worker, build: ., uses: { answers: consume, questions: send } }
resources:
  answers: { type: queue, env: ANSWERS_URL }
  questions: { type: queue, env: QUESTIONS_URL }
environments: { prod: {} }
";
    let files = of(manifest, "prod");
    let scaling = block(&files["prod/compute/service_worker.tf"], "module \"worker_scaling\"");
    assert!(scaling.contains("var.data.queues.questions.name"), "{scaling}");
}

/// A version that dies answers nothing: those 502 and 503 are the balancer's own.
#[test]
fn an_alarm_on_errors_counts_what_the_balancer_answers_itself() {
    for (system, environment) in
        [("bootstrap", "prod"), ("flights", "prod"), ("ingest", "prod"), ("knowledge", "prod")]
    {
        let alarms = &compiled(system, environment)[&format!("{environment}/compute/alarms.tf")];
        let (_, balancer) = alarms.split_once("errors_balancer = {").unwrap_or_else(|| panic!("{alarms}"));
        assert!(balancer.contains("metric    = \"HTTPCode_ELB_5XX_Count\""), "{balancer}");
        assert!(alarms.contains("FILL(errors_balancer, 0)"), "{alarms}");
    }
}

/// CloudWatch does not say to which service they belong where the balancer has several.
#[test]
fn a_shared_balancers_own_answers_are_nobodys() {
    let manifest = "
name: shop
services:
  api: { type: web, build: ., http: { path: /api } }
  site: { type: web, build: ., http: { path: / } }
alarms: { errors: { service: api, metric: http_5xx_percentage, above: 1 } }
environments: { prod: {} }
";
    let alarms = &of(manifest, "prod")["prod/compute/alarms.tf"];
    assert!(alarms.contains("HTTPCode_Target_5XX_Count") && !alarms.contains("HTTPCode_ELB"), "{alarms}");
}

/// What was written is read back as it is: by the primary, and by nobody who is behind it.
#[test]
fn documents_are_read_where_they_are_written() {
    let api = &compiled("flights", "prod")["prod/compute/service_api.tf"];
    assert!(api.contains(":27017/?tls=true&replicaSet=rs0&retryWrites=false\""), "{api}");
}

/// CloudFront in front of a gateway calls the gateway, and only the gateway calls the private balancer.
#[test]
fn a_cdn_before_a_gateway_calls_the_gateway() {
    let manifest = "
name: shop
services: { api: { type: web, build: . } }
edge: { cdn: true, gateway: { vpc_link: true }, origin_gate: { header: X-Gate, secret: gate } }
environments: { prod: {} }
";
    let files = of(manifest, "prod");
    let edge = &files["prod/compute/edge.tf"];
    let cdn = block(edge, "module \"cdn\"");
    assert!(cdn.contains("= module.gateway.domain_name") && cdn.contains("= \"https-only\""), "{cdn}");
    assert!(cdn.contains("forward_host") && cdn.contains("var.origin_gate"), "{cdn}");
    assert!(!block(edge, "module \"gateway\"").contains("gate_value"), "the gateway would open to everybody");
    let balancer = block(&files["prod/compute/balancer.tf"], "module \"balancer\"");
    assert!(balancer.contains("gateway = module.gateway.security_group_id"), "{balancer}");
    assert!(!balancer.contains("prefix_list"), "{balancer}");
}

#[test]
fn a_gateway_without_a_cdn_adds_the_gates_header_itself() {
    for link in [true, false] {
        let manifest = format!(
            "
name: shop
services: {{ api: {{ type: web, build: . }} }}
edge: {{ gateway: {{ vpc_link: {link} }}, origin_gate: {{ header: X-Gate, secret: gate }} }}
environments: {{ prod: {{}} }}
"
        );
        let edge = &of(&manifest, "prod")["prod/compute/edge.tf"];
        let gateway = block(edge, "module \"gateway\"");
        assert!(gateway.contains("var.origin_gate"), "{gateway}");
        assert_eq!(gateway.contains("listener_arn"), link, "{gateway}");
        assert_eq!(gateway.contains("\"http://${module.balancer.dns_name}\""), !link, "{gateway}");
    }
}

/// RDS refuses words that it and PostgreSQL keep for themselves.
#[test]
fn a_databases_name_is_not_a_reserved_word() {
    let files = compiled("knowledge", "prod");
    assert!(files["prod/data/databases.tf"].contains("\"app_db\""), "{}", files["prod/data/databases.tf"]);
    assert!(files["prod/compute/service_api.tf"].contains(":5432/app_db?sslmode=require"));
}

/// The contract of bootstrap has images with two tags; those of the registry are never written over all the same.
#[test]
fn only_a_pipeline_that_moves_a_tag_may_take_it_from_an_image() {
    for (system, moves) in [("bootstrap", true), ("ingest", false)] {
        let files = compiled(system, "prod");
        let roles = &files["prod/bootstrap/identity.tf"];
        let (_, build) = roles.split_once("    build = {\n").expect("a role that builds");
        let (build, _) = build.split_once("    deploy = {\n").expect("another role");
        assert_eq!(build.contains("ecr:BatchDeleteImage"), moves, "{build}");
        assert!(files["modules/registry/main.tf"].contains("IMMUTABLE"), "tags move");
    }
}

/// What a person needs after the data stack: where things are, and what to set by hand.
#[test]
fn the_data_stack_says_what_it_made() {
    let outputs = &compiled("ingest", "prod")["prod/data/outputs.tf"];
    for (name, value) in [
        ("bucket_payloads_name", "module.bucket_payloads.name"),
        ("parameter_token_name", "module.parameter_token.name"),
        ("queue_emails_url", "module.queue_emails.url"),
    ] {
        assert!(block(outputs, &format!("output \"{name}\"")).contains(value), "{name}");
    }
}

#[test]
fn trackers_balancers_find_their_subnets() {
    for environment in ["staging", "production"] {
        let files = compiled("tracker", environment);
        let network = block(&files[&format!("{environment}/data/network.tf")], "module \"network\"");
        for tag in ["\"kubernetes.io/role/elb\" = \"1\"", "\"kubernetes.io/role/internal-elb\" = \"1\""] {
            assert!(network.contains(tag), "{tag}: {network}");
        }
    }
    let ingest = compiled("ingest", "prod");
    assert!(!ingest["prod/data/network.tf"].contains("kubernetes.io"), "no cluster, no tags");
}

/// What services get by reference is read by one role, and by that alone.
#[test]
fn trackers_secrets_are_read_by_their_operator() {
    for environment in ["staging", "production"] {
        let files = compiled("tracker", environment);
        let cluster = block(&files[&format!("{environment}/compute/cluster.tf")], "module \"cluster\"");
        let (_, role) = cluster.split_once("external-secrets = {").expect("the operator has a role");
        for secret in ["amadeus_key", "amadeus_secret", "aviation_stack_key", "secret_key"] {
            assert!(role.contains(&format!("var.data.secrets.{secret}.arn")), "{secret}: {role}");
        }
        // In staging the database stands in the cluster, and its password too.
        let is_managed = environment == "production";
        assert_eq!(role.contains("var.data.databases.db.secret_arn"), is_managed, "{role}");
        assert_eq!(cluster.matches("GetSecretValue").count(), 1, "{cluster}");
    }
}

#[test]
fn trackers_nodes_are_scaled_in_their_own_cluster_alone() {
    let files = compiled("tracker", "production");
    let cluster = block(&files["production/compute/cluster.tf"], "module \"cluster\"");
    let (_, role) = cluster.split_once("cluster-autoscaler = {").expect("the autoscaler has a role");
    let (_, scale) = role.split_once("\"Scale\"").expect("it scales");
    assert!(scale.contains("\"aws:ResourceTag/eks:cluster-name\" = [\"tracker-production\"]"), "{scale}");
    assert!(role.contains("namespace       = \"kube-system\""), "{role}");
}
