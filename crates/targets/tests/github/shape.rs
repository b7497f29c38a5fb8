//! What the workflows of single systems hold.

use crate::pipelines;

fn file(system: &str, name: &str) -> String {
    let made = pipelines(system);
    let path = format!(".github/workflows/{system}-{name}.yml");
    let content = made.files.get(&path).or_else(|| made.starters.get(&path));
    String::from_utf8(content.unwrap_or_else(|| panic!("{path}")).clone()).expect("UTF-8")
}

#[test]
fn branches_tags_and_hands_lead_where_the_manifest_says() {
    let bootstrap = file("bootstrap", "deliver");
    for expected in [
        "(github.event_name == 'push' && (github.ref == 'refs/heads/main'))",
        "(github.event_name == 'workflow_dispatch' && inputs.environment == 'test')",
        "environment: test",
    ] {
        assert!(bootstrap.contains(expected), "{expected}");
    }
    assert!(!bootstrap.contains("environment: prod"));
    let tracker = file("tracker", "deliver");
    assert!(tracker.contains("startsWith(github.ref, 'refs/tags/v')"));
    assert!(!tracker.contains("release-production"));
    assert!(!tracker.contains("AWS_ROLE_TRACKER_STAGING_DEPLOY"), "a cluster of Kubernetes has no such role");
    assert!(pipelines("tracker").fidelity.iter().any(|note| note.grade == targets::Grade::Dropped));
}

#[test]
fn a_release_knows_its_own_files_and_no_other_service() {
    let text = crate::systems::text("bootstrap");
    let stacks = targets::compile(&crate::systems::resolve(&text, "prod"), targets::Target::Aws);
    assert!(stacks.files.contains_key("prod/compute/appspec/api.json"));
    let bootstrap = file("bootstrap", "deliver");
    assert!(bootstrap.contains("APPSPEC: systems/bootstrap/deploy/aws/prod/compute/appspec/api.json"));
    let ingest = file("ingest", "deliver");
    let worker = ingest.split("  release-prod-worker:\n").nth(1).expect("the worker's release");
    assert!(worker.contains("bash .github/delivery/roll.sh"));
    assert!(!worker.contains("ingest-prod-api"), "a release of the worker knows the api");
    let api = ingest.split("  release-prod-api:\n").nth(1).and_then(|rest| rest.split("\n  release-").next());
    assert!(api.expect("the api's release").contains("bash .github/delivery/shift.sh"));
}

/// CodeDeploy runs a migration itself; a rolling release has it as a task of its own, and a way back has none.
#[test]
fn a_migration_runs_once_before_traffic() {
    assert!(!file("bootstrap", "deliver").contains("migrate.sh"));
    let text = "
name: shop
services:
  api: { type: worker, build: ., rollout: { strategy: rolling, migrate: { run: ./migrate up, reversible: true } } }
environments: { prod: {} }
ci: { branches: { main: prod } }
";
    let made = crate::of(text, "");
    let workflow = |name: &str| String::from_utf8_lossy(&made.files[name]).into_owned();
    assert!(workflow(".github/workflows/deliver.yml").contains(r#"COMMAND: '["./migrate","up"]'"#));
    assert!(!workflow(".github/workflows/rollback.yml").contains("migrate.sh"));
}

#[test]
fn a_rollback_takes_a_typed_word() {
    for system in ["bootstrap", "flights", "ingest", "knowledge"] {
        let rollback = file(system, "rollback");
        assert!(rollback.contains("Type ROLLBACK"), "{system}");
        assert!(rollback.contains("needs:\n      - confirm"), "{system}");
    }
}

/// Tests, validation, plan, then everything that changes something: what fails stops the rest.
#[test]
fn nothing_changes_before_everything_is_planned() {
    for system in ["flights", "ingest", "bootstrap", "knowledge"] {
        let deliver = file(system, "deliver");
        let job = |name: &str| {
            let (_, rest) = deliver.split_once(&format!("\n  {name}:\n")).expect(name);
            rest.split_once("\n    steps:").expect("a job has steps").0.to_owned()
        };
        for (name, needed) in [
            ("terraform", "checks"),
            ("plan-prod", "terraform"),
            ("changes-prod", "plan-prod"),
            ("data-prod", "changes-prod"),
        ] {
            assert!(job(name).contains(&format!("    needs:\n      - {needed}")), "{system}: {}", job(name));
        }
        assert!(job("build-prod").contains("- data-prod"), "{system}");
    }
}

#[test]
fn a_service_is_built_when_its_own_files_changed() {
    let ingest = file("ingest", "deliver");
    assert!(ingest.contains(r#"":(exclude)systems/ingest/src/worker""#), "{ingest}");
    assert!(ingest.contains(r#"":(exclude)systems/ingest/src/api""#), "{ingest}");
    let text = "name: shop\nservices: { api: { type: worker, build: { context: a, paths: [\"!b\"] } } }\nenvironments: { prod: {} }\nci: { branches: { main: prod } }\n";
    let made = crate::of(text, "");
    let deliver = String::from_utf8_lossy(&made.files[".github/workflows/deliver.yml"]).into_owned();
    assert!(deliver.contains(r#""paths":["a",":(exclude)a/b"]"#), "{deliver}");
}

#[test]
fn the_image_of_bootstrap_is_also_the_latest() {
    assert!(file("bootstrap", "deliver").contains("LATEST: \"true\""));
    assert!(file("ingest", "deliver").contains("LATEST: \"false\""));
}

/// The header's value is a variable without a default: both the plan and the apply of the compute stack hand it over.
#[test]
fn the_gates_secret_is_known_where_compute_is_planned_and_applied() {
    for (name, times) in [("pull-request", 1), ("deliver", 2)] {
        let flights = file("flights", name);
        assert_eq!(flights.matches("GATE: flights/prod/gate").count(), times, "{name}");
        for before in flights.split("GATE: ").take(times) {
            assert!(
                before.rsplit("STACK: ").next().is_some_and(|stack| stack.starts_with("compute")),
                "{name}"
            );
        }
        assert!(!file("ingest", name).contains("GATE"), "{name}");
    }
}

#[test]
fn checks_are_the_repositorys_own() {
    let made = pipelines("flights");
    assert!(made.starters.contains_key(".github/workflows/flights-checks.yml"));
    assert!(!made.files.contains_key(".github/workflows/flights-checks.yml"));
}

#[test]
fn without_a_pipeline_there_are_no_files() {
    let text = "name: shop\nservices: { api: { type: worker, build: . } }\nenvironments: { prod: {} }\n";
    let made = crate::of(text, "");
    assert!(made.files.is_empty() && made.starters.is_empty());
    assert!(made.known.contains(".github/workflows/deliver.yml"));
}

#[test]
fn every_pull_request_is_checked_and_planned_where_it_leads() {
    let tracker = file("tracker", "pull-request");
    assert!(tracker.contains("on\":\n  pull_request: {}\n"), "a target is left out");
    assert!(tracker.contains("(github.base_ref == 'develop')"));
    assert!(!tracker.contains("PRODUCTION"), "no branch leads to production");
}

/// A release on ECS looks at its image; where nothing is released, the build does.
#[test]
fn every_image_is_scanned_before_it_serves() {
    let tracker = file("tracker", "deliver");
    for environment in ["staging", "production"] {
        let build = tracker.split(&format!("  build-{environment}:\n")).nth(1).expect("images are built");
        let (push, scan) = (build.find("delivery/build.sh"), build.find("delivery/scan.sh"));
        let next = build.find("  compute-").expect("the compute stack waits for them");
        assert!(push < scan && scan.is_some_and(|scan| scan < next), "{environment}");
    }
    let ingest = file("ingest", "deliver");
    let release = ingest.split("  release-prod-api:\n").nth(1).expect("the api's release");
    assert!(release.find("delivery/scan.sh") < release.find("delivery/register.sh"));
}
