//! What the roles may do, and what they may not.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::super::hcl::{Expression, Part};
use super::super::names::Names;
use super::super::{Exports, compute, data};
use super::{Role, made, permissions};

const SYSTEMS: [&str; 5] = [
    include_str!("../../../../../systems/bootstrap/taxiway.yaml"),
    include_str!("../../../../../systems/flights/taxiway.yaml"),
    include_str!("../../../../../systems/ingest/taxiway.yaml"),
    include_str!("../../../../../systems/knowledge/taxiway.yaml"),
    include_str!("../../../../../systems/tracker/taxiway.yaml"),
];

/// Characters a managed policy may have, and policies a role (IAM User Guide, "IAM and AWS STS quotas").
const POLICY: usize = 6144;
const POLICIES: usize = 10;

/// The roles of every system in every environment, as they are for a region with a long name.
fn roles() -> Vec<(String, Vec<Role>)> {
    let mut all = Vec::new();
    for text in SYSTEMS {
        let manifest = model::read("taxiway.yaml", text, &|_| None).expect("the systems' manifests are read");
        let environments: Vec<String> = manifest.environments().map(str::to_owned).collect();
        for environment in environments.iter().filter(|name| *name != "local") {
            let system = model::resolve(&manifest, Some(environment)).expect("they resolve");
            let names = Names::new(&system);
            let mut exports = Exports::default();
            let data = data(&system, &names, &mut exports);
            let compute = compute(&system, &names, &exports);
            let modules: BTreeSet<&str> = data.modules().union(compute.modules()).copied().collect();
            all.push((names.prefix(), made(&system, &names, &modules)));
        }
    }
    all
}

fn policies(role: Role) -> BTreeMap<&'static str, Vec<Value>> {
    let statements =
        |of: Vec<_>| of.into_iter().map(|statement| value(&Expression::from(statement))).collect();
    role.policies.into_iter().map(|(name, of)| (name, statements(of))).collect()
}

fn value(expression: &Expression) -> Value {
    match expression {
        Expression::Text(text) => json!(text),
        Expression::Template(parts) => json!(parts.iter().map(part).collect::<String>()),
        Expression::List(items) => items.iter().map(value).collect(),
        Expression::Object(entries) => {
            Value::Object(entries.iter().map(|(key, of)| (key.clone(), value(of))).collect())
        }
        Expression::Reference(path) => json!(known(path)),
        other => panic!("a policy has no {other:?}"),
    }
}

fn part(part: &Part) -> &str {
    match part {
        Part::Text(text) => text,
        Part::Reference(path) => known(path),
    }
}

fn known(path: &str) -> &'static str {
    match path {
        "var.region" => "ap-southeast-2",
        "var.account_id" => "123456789012",
        other => panic!("{other} is no variable of a policy"),
    }
}

fn strings<'a>(statement: &'a Value, key: &str) -> Vec<&'a str> {
    statement[key].as_array().expect("a list").iter().map(|text| text.as_str().expect("text")).collect()
}

/// As `modules/github-oidc` writes it.
fn length(statements: &[Value]) -> usize {
    let statements: Vec<Value> = statements
        .iter()
        .map(|statement| {
            let mut of = json!({
                "Sid": statement["sid"],
                "Effect": "Allow",
                "Action": statement["actions"],
                "Resource": statement["resources"],
            });
            if let Some(conditions) = statement.get("conditions") {
                of["Condition"] = conditions.clone();
            }
            of
        })
        .collect();
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string().len()
}

/// Holds every statement of every role against a rule.
fn each_statement(rule: impl Fn(&str, &str, &Value)) {
    let mut seen = 0;
    for (system, roles) in roles() {
        for role in roles {
            let name = role.name;
            for statement in policies(role).values().flatten() {
                rule(&system, name, statement);
                seen += 1;
            }
        }
    }
    assert!(seen > 0, "no system has a role");
}

#[test]
fn every_policy_is_as_long_as_iam_takes() {
    for (system, roles) in roles() {
        for role in roles {
            let name = role.name;
            let policies = policies(role);
            assert!(policies.len() <= POLICIES, "{system} {name}");
            for (policy, statements) in policies {
                let length = length(&statements);
                assert!(length <= POLICY, "{system} {name} {policy}: {length}");
                let sids: BTreeSet<String> = statements.iter().map(|of| of["sid"].to_string()).collect();
                assert_eq!(sids.len(), statements.len(), "{system} {name} {policy} has a sid twice");
            }
        }
    }
}

#[test]
fn no_action_is_a_whole_service() {
    each_statement(|system, role, statement| {
        for action in strings(statement, "actions") {
            assert!(action.contains(':') && !action.contains('*'), "{system} {role}: {action}");
        }
    });
}

#[test]
fn every_module_stands_in_the_table() {
    let modules: BTreeSet<&str> = super::super::modules::names().collect();
    assert!(modules.contains("queue"), "{modules:?}");
    for module in modules {
        assert!(
            permissions::is_known(module),
            "permissions.rs does not say what modules/{module} asks of AWS"
        );
    }
}

#[test]
fn no_role_reaches_the_roles_of_github_or_the_bootstrap_state() {
    let matches = |pattern: &str, text: &str| {
        let mut rest = text;
        let mut pieces = pattern.split('*').peekable();
        let begins =
            pieces.next().is_none_or(|first| rest.strip_prefix(first).map(|after| rest = after).is_some());
        begins
            && pieces.clone().count() == pattern.matches('*').count()
            && match pattern.rsplit_once('*') {
                Some((_, last)) => rest.ends_with(last),
                None => rest.is_empty(),
            }
    };
    each_statement(|system, role, statement| {
        let own = ["apply", "build", "deploy", "plan"];
        let kept = own
            .map(|name| format!("arn:aws:iam::123456789012:role/{system}-{name}"))
            .into_iter()
            .chain([format!("arn:aws:s3:::{system}-tfstate-123456789012/bootstrap.tfstate")]);
        for kept in kept {
            for resource in strings(statement, "resources").into_iter().filter(|resource| *resource != "*") {
                assert!(!matches(resource, &kept), "{system} {role}: {resource} is {kept} too");
            }
        }
    });
}

#[test]
fn what_every_resource_is_asked_for_has_a_condition() {
    // Signing in to a registry has neither resource nor region that matters.
    each_statement(|system, role, statement| {
        let is_all = strings(statement, "resources").contains(&"*") && statement["sid"] != "SignIn";
        assert!(!is_all || statement.get("conditions").is_some(), "{system} {role}: {statement}");
    });
}

#[test]
fn a_role_is_handed_to_named_services_alone() {
    each_statement(|system, role, statement| {
        if strings(statement, "actions").contains(&"iam:PassRole") {
            assert!(
                statement["conditions"]["StringEquals"]["iam:PassedToService"].is_array(),
                "{system} {role}: {statement}"
            );
        }
    });
}

#[test]
fn a_plan_changes_nothing_but_its_lock() {
    each_statement(|system, role, statement| {
        let is_lock = ["LockState", "LockTable"].iter().any(|sid| statement["sid"] == *sid);
        for action in strings(statement, "actions").into_iter().filter(|_| role == "plan" && !is_lock) {
            let verb = action.split_once(':').map_or("", |(_, verb)| verb);
            let reads = ["Describe", "Get", "List", "GET", "Decrypt"];
            assert!(reads.iter().any(|read| verb.starts_with(read)), "{system} {role}: {action}");
        }
    });
}
