//! Roles stay within their boundary: each takes it, and none is given what it refuses, which would be found at run time
//! only.

use serde_json::Value;

/// Holds the roles of an environment's plans against the boundary among them.
pub(crate) fn check(of: &str, plans: &[Value]) {
    let boundary = planned(plans, "aws_iam_policy")
        .find(|policy| policy["name"].as_str().is_some_and(|name| name.ends_with("-boundary")))
        .unwrap_or_else(|| panic!("{of} has no boundary"));
    let arn = format!("arn:aws:iam::123456789012:policy/{}", boundary["name"].as_str().expect("a name"));
    let oidc = |role: &Value| {
        role["assume_role_policy"]
            .as_str()
            .is_some_and(|trust| trust.contains("token.actions.githubusercontent"))
    };
    for role in planned(plans, "aws_iam_role").filter(|role| !oidc(role)) {
        assert_eq!(role["permissions_boundary"], arn, "{of}: {}", role["name"]);
    }
    let limits = statements(boundary);
    // A policy that names what is not made yet is not known in a plan.
    let known = planned(plans, "aws_iam_role_policy").filter(|policy| policy["policy"].is_string());
    let mut seen = 0;
    for statement in known.flat_map(statements) {
        for action in strings(&statement["Action"]) {
            for resource in strings(&statement["Resource"]) {
                assert!(
                    limits.iter().any(|limit| covers(limit, &action, &resource)),
                    "{of}: {action} on {resource} is given to a role, and refused by its boundary"
                );
                seen += 1;
            }
        }
    }
    let has_tasks = planned(plans, "aws_ecs_task_definition").next().is_some();
    assert!(seen > 0 || !has_tasks, "{of}: no policy of a role is known");
}

fn planned<'a>(plans: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    let changes = plans.iter().flat_map(|plan| plan["resource_changes"].as_array().into_iter().flatten());
    changes.filter(move |change| change["type"] == kind).map(|change| &change["change"]["after"])
}

fn statements(policy: &Value) -> Vec<Value> {
    let document: Value = serde_json::from_str(policy["policy"].as_str().expect("a policy is known"))
        .expect("a policy is JSON");
    document["Statement"].as_array().expect("a policy has statements").clone()
}

/// One or several.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        other => {
            other.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        }
    }
}

fn covers(limit: &Value, action: &str, resource: &str) -> bool {
    let of = |key: &str, text: &str| strings(&limit[key]).iter().any(|pattern| is_like(pattern, text));
    limit["Effect"] == "Allow" && of("Action", action) && of("Resource", resource)
}

/// Whether a pattern with `*` means a text, or every text that another pattern means.
fn is_like(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut left) = text.strip_prefix(first) else { return false };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some(at) = left.find(piece) else { return false };
        left = left.get(at + piece.len()..).unwrap_or_default();
    }
    left.ends_with(last)
}
