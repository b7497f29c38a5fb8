//! The hooks: which exit code CodeDeploy gets, and what a person reads in the log.

use super::{bootstrap, program, replica, told};

/// What each check of a hook said, with its outcome.
fn lines(variables: &[(&str, &str)], event: &str) -> Vec<(String, String)> {
    let output = program(variables, &["hook", event]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let checks = lines.filter(|line| line["hook"] == event && line["check"].is_string());
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    checks.map(|line| (text(&line["check"]), text(&line["message"]))).collect()
}

fn said(check: &str, outcome: &str) -> (String, String) {
    (check.to_owned(), outcome.to_owned())
}

#[test]
fn every_hook_passes_without_anything_set() {
    let events = [
        ("before-install", vec![said("settings", "passed"), said("database", "skipped")]),
        ("after-install", vec![said("routes", "passed")]),
        ("after-test-traffic", vec![said("test traffic", "skipped")]),
        ("before-traffic", vec![said("schema", "skipped"), said("record", "skipped")]),
        ("after-traffic", vec![said("traffic", "skipped"), said("record", "skipped")]),
    ];
    for (event, checks) in events {
        assert_eq!(lines(&[], event), checks, "{event}");
        assert_eq!(told(&program(&[], &["hook", event])), (Some(0), String::new()), "{event}");
    }
}

#[test]
fn the_routes_are_right_in_any_environment() {
    for environment in ["prod", "tést \"1\"\\"] {
        assert_eq!(lines(&[("ENVIRONMENT", environment)], "after-install"), [said("routes", "passed")]);
    }
}

#[test]
fn traffic_has_to_be_answered_as_the_contract_says() {
    let project = bootstrap();
    project.start();
    for (event, check, variable) in
        [("after-test-traffic", "test traffic", "TEST_URL"), ("after-traffic", "traffic", "SERVICE_URL")]
    {
        let right = format!("http://{}/", project.edge());
        assert_eq!(lines(&[(variable, &right)], event).first(), Some(&said(check, "passed")));

        let wrong = format!("http://{}/elsewhere", replica(&project));
        let (code, told) = told(&program(&[(variable, &wrong)], &["hook", event]));
        let expected = format!(
            "{event} failed at its check `{check}`: GET {wrong}/api/v1/ was answered with 404 {{\"detail\":\"Not Found\"}} in \
             place of 200 {{\"version\":\"v1\",\"message\":\"Welcome to API v1\"}}; look into the log of the new \
             version, and check {variable}\n"
        );
        assert_eq!((code, told), (Some(1), expected));
    }
}

#[test]
fn what_is_no_hook_and_what_are_no_settings_end_with_2() {
    for arguments in [&["hook"][..], &["hook", "before"], &["deploy"]] {
        assert_eq!(program(&[], arguments).status.code(), Some(2), "{arguments:?}");
    }
    let variables = [("TEST_URL", "http://u:geheim@host"), ("PORT", "http")];
    let (code, said) = told(&program(&variables, &["hook", "before-install"]));
    let expected = "TEST_URL must be a URL like https://www.example.com, without a user and without a query\n\
                    PORT must be a number from 0 to 65535, not `http`\n";
    assert_eq!((code, said.as_str()), (Some(2), expected));
}
