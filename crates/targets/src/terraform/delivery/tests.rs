//! What the roles may do, and what they may not.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::super::hcl::{Expression, Part};
use super::super::names::Names;
use super::super::{Exports, compute, data};
use super::{Place, Role, boundary, made, permissions};

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

/// What is delivered of an environment, as it is for a region with a long name.
struct Delivered {
    /// The beginning of its names.
    prefix: String,
    roles: Vec<Role>,
    /// What the roles of its stacks may do at most.
    boundary: Vec<Value>,
}

/// Every system in every environment.
fn delivered() -> Vec<Delivered> {
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
            let place = Place::new(&system, &names);
            let boundary = boundary::statements(&place, &modules);
            all.push(Delivered {
                prefix: names.prefix(),
                roles: made(&system, &names, &modules),
                boundary: boundary.into_iter().map(|of| value(&Expression::from(of))).collect(),
            });
        }
    }
    all
}

fn roles() -> Vec<(String, Vec<Role>)> {
    delivered().into_iter().map(|of| (of.prefix, of.roles)).collect()
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

/// Actions of these, in a statement.
fn has_any(statement: &Value, actions: &[&str]) -> bool {
    strings(statement, "actions").iter().any(|action| actions.contains(action))
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

#[test]
fn a_role_is_made_and_filled_within_the_boundary_alone() {
    let giving = [
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
    ];
    each_statement(|system, role, statement| {
        if has_any(statement, &giving) {
            let boundary = format!("arn:aws:iam::123456789012:policy/{system}-boundary");
            assert_eq!(
                statement["conditions"]["StringEquals"]["iam:PermissionsBoundary"],
                json!([boundary]),
                "{system} {role}: {statement}"
            );
        }
    });
}

#[test]
fn nobody_from_github_changes_a_managed_policy_or_takes_a_boundary_off() {
    each_statement(|system, role, statement| {
        for action in strings(statement, "actions").into_iter().filter(|action| action.starts_with("iam:")) {
            let is_policy = ["Policy", "PolicyVersion"].iter().any(|of| action.ends_with(of));
            let is_of_role = action.contains("RolePolic");
            let takes_off = action == "iam:DeleteRolePermissionsBoundary";
            assert!(!takes_off && (!is_policy || is_of_role), "{system} {role}: {action}");
        }
    });
}

#[test]
fn a_plan_reads_values_of_named_parameters_and_secrets_alone() {
    let mut seen = 0;
    each_statement(|system, role, statement| {
        let reads = has_any(statement, &["secretsmanager:GetSecretValue", "ssm:GetParameter"]);
        for resource in strings(statement, "resources").into_iter().filter(|_| role == "plan" && reads) {
            assert!(!resource.contains('*'), "{system} {role}: {resource}");
        }
    });
    for (_, roles) in roles() {
        for role in roles.into_iter().filter(|role| role.name == "plan") {
            let all = policies(role).into_values().flatten();
            seen += all.filter(|of| has_any(of, &["secretsmanager:GetSecretValue"])).count();
        }
    }
    assert!(seen > 0, "no plan reads a secret: this test says nothing");
}

/// Tags lead to production, and no branch: a pull request's plan has nothing to read there.
#[test]
fn a_pull_request_takes_no_role_where_no_branch_leads() {
    let subjects = |prefix: &str| {
        let (_, roles) = roles().into_iter().find(|(of, _)| of == prefix).expect("the environment delivers");
        roles.into_iter().find(|role| role.name == "plan").expect("it has a plan").subjects
    };
    assert_eq!(subjects("tracker-production"), ["ref:refs/tags/v*"]);
    assert_eq!(subjects("tracker-staging"), ["pull_request", "ref:refs/heads/develop"]);
}

#[test]
fn the_boundary_is_as_long_as_iam_takes() {
    for Delivered { prefix, boundary, .. } in delivered() {
        // What is denied is the module's own text.
        let denied = 420;
        let length = length(&boundary) + denied;
        assert!(length <= POLICY, "{prefix}: {length}");
        let sids: BTreeSet<String> = boundary.iter().map(|of| of["sid"].to_string()).collect();
        assert_eq!(sids.len(), boundary.len(), "{prefix}: {boundary:?}");
    }
}

#[test]
fn within_the_boundary_nobody_changes_who_may_do_what() {
    for Delivered { prefix, boundary, .. } in delivered() {
        for statement in &boundary {
            for action in strings(statement, "actions") {
                let (service, verb) = action.split_once(':').expect("an action has a service");
                assert!(!["account", "organizations", "sts"].contains(&service), "{prefix}: {action}");
                let is_passed = ["CreateServiceLinkedRole", "PassRole"].contains(&verb);
                assert!(service != "iam" || is_passed, "{prefix}: {action}");
            }
        }
    }
}

#[test]
fn every_module_that_makes_roles_takes_the_boundary() {
    let all: BTreeSet<&str> = super::super::modules::names().collect();
    for module in all.iter().copied().filter(|module| *module != "github-oidc") {
        let used = BTreeSet::from([module]);
        let text: String = super::super::modules::files(&used)
            .map(|(_, content)| String::from_utf8_lossy(content).into_owned())
            .collect();
        let roles = text.matches("resource \"aws_iam_role\"").count();
        let bound = text.lines().filter(|line| line.ends_with("= var.permissions_boundary")).count();
        assert_eq!(roles, bound, "modules/{module} makes a role without a boundary");
        assert_eq!(roles > 0, boundary::binds(module), "boundary.rs is to know of modules/{module}");
    }
}
