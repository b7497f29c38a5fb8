//! A delivery: checks, plans, what changed, the data stack, images, the compute stack, then each service by itself.

use super::job::{Job, checks, id, script_step, workflow as begin};
use super::pipeline::{Environment, Pipeline, Role};
use super::pull_request::{planning, stack_of, terraform};
use super::{actions, checks as own, release};
use crate::terraform::pipeline::Delivered;
use crate::yaml::{Map, Yaml};

pub(super) fn workflow(pipeline: &Pipeline) -> Map {
    let mut workflow = begin(pipeline.title("deliver"), on(pipeline));
    let mut concurrency = Map::new();
    concurrency.set("group", group(pipeline)).set("cancel-in-progress", false);
    let mut jobs = Map::new();
    jobs.set("checks", checks(pipeline));
    jobs.set("terraform", terraform(pipeline).needs(&["checks".to_owned()]));
    for environment in &pipeline.environments {
        jobs.append(of_environment(pipeline, environment));
    }
    workflow
        .set("concurrency", concurrency)
        .above("One delivery at a time for each environment, and none is cut off.");
    workflow.set("jobs", jobs);
    workflow
}

fn on(pipeline: &Pipeline) -> Map {
    let mut on = Map::new();
    let mut push = Map::new();
    for (what, sources) in [("branches", &pipeline.ci.branches), ("tags", &pipeline.ci.tags)] {
        if !sources.is_empty() {
            push.set(what, Yaml::list(sources.keys()));
        }
    }
    if !push.is_empty() {
        on.set("push", push);
    }
    let by_hand: Vec<&String> =
        pipeline.environments.iter().filter(|one| one.by_hand).map(|one| &one.name).collect();
    if !by_hand.is_empty() {
        let mut environment = Map::from([("description", "Environment to deliver this branch to")]);
        environment.set("required", true).set("type", "choice").set("options", Yaml::list(by_hand));
        let mut all = Map::from([("description", "Deliver every service, changed or not")]);
        all.set("type", "boolean").set("default", false);
        let mut inputs = Map::new();
        inputs.set("environment", environment).set("all", all);
        on.set("workflow_dispatch", Map::from([("inputs", inputs)]));
    }
    on
}

/// `ingest-prod`, whatever led there.
fn group(pipeline: &Pipeline) -> String {
    let mut choices: Vec<String> = Vec::new();
    if pipeline.environments.iter().any(|environment| environment.by_hand) {
        choices.push("inputs.environment".to_owned());
    }
    for environment in &pipeline.environments {
        if let Some(pushed) = environment.pushed() {
            choices.push(format!("(({pushed}) && '{}')", environment.name));
        }
    }
    format!("{}-${{{{ {} }}}}", pipeline.system, choices.join(" || "))
}

fn of_environment(pipeline: &Pipeline, environment: &Environment) -> Map {
    let mut jobs = Map::new();
    let plan = Job::within(&format!("{}: plan", environment.name), 20, environment)
        .needs(&["terraform".to_owned()])
        .when(&condition(environment));
    jobs.set(id("plan", environment), planning(plan, pipeline, environment));
    jobs.set(id("changes", environment), changes(pipeline, environment));
    jobs.set(
        id("data", environment),
        stack(pipeline, environment, "data").needs(&[id("changes", environment)]),
    );
    if environment.stacks.services.iter().any(|service| service.build.is_some()) {
        jobs.set(id("build", environment), build(pipeline, environment));
    }
    jobs.set(id("compute", environment), compute(pipeline, environment));
    if let Some(cluster) = &environment.stacks.cluster {
        for service in &environment.stacks.services {
            let name = format!("{}-{}", id("release", environment), service.name);
            jobs.set(name, one_release(pipeline, environment, cluster, service));
        }
    }
    jobs
}

fn condition(environment: &Environment) -> String {
    let pushed = environment.pushed().map(|pushed| format!("github.event_name == 'push' && ({pushed})"));
    let by_hand = environment.by_hand.then(|| {
        format!("github.event_name == 'workflow_dispatch' && inputs.environment == '{}'", environment.name)
    });
    pushed.into_iter().chain(by_hand).map(|one| format!("({one})")).collect::<Vec<_>>().join(" || ")
}

fn changes(pipeline: &Pipeline, environment: &Environment) -> Job {
    let forced = if environment.by_hand { "${{ inputs.all || false }}" } else { "false" };
    let told = Map::from([
        ("UNITS", units(pipeline, environment)),
        ("CLUSTER", environment.stacks.cluster.clone().unwrap_or_default()),
        ("MANIFEST", pipeline.manifest()),
        ("FORCED", forced.to_owned()),
    ]);
    let mut step = script_step("Compare with what runs", "changes", told);
    step.set("id", "changes");
    let output = |name: &str| (name.to_owned(), format!("${{{{ steps.changes.outputs.{name} }}}}"));
    let outputs: Map = ["services", "names", "tag"].map(output).into_iter().collect();
    let name = format!("{}: what changed", environment.name);
    // On Kubernetes nothing is asked: there everything counts as changed.
    let job = match &environment.stacks.cluster {
        Some(_) => Job::within(&name, 10, environment),
        None => Job::new(&name, 10, &[]),
    };
    let job = job.needs(&[id("plan", environment)]).set("outputs", outputs).checkout_history();
    let job = match &environment.stacks.cluster {
        Some(_) => job.sign_in(pipeline, environment, Role::Deploy),
        None => job,
    };
    job.step(step)
}

/// What is built, as JSON for the script and for the matrix of builds.
fn units(pipeline: &Pipeline, environment: &Environment) -> String {
    let unit = |service: &Delivered| {
        let build = service.build.as_ref()?;
        let [context, dockerfile, stage] = own::place(pipeline, build);
        let arguments: Vec<String> =
            build.arguments.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Some(serde_json::json!({
            "service": service.name, "physical": service.physical,
            "context": context, "dockerfile": dockerfile, "stage": stage, "arguments": arguments,
            "paths": own::changing(pipeline, build),
        }))
    };
    serde_json::Value::Array(environment.stacks.services.iter().filter_map(unit).collect()).to_string()
}

fn stack(pipeline: &Pipeline, environment: &Environment, stack: &str) -> Job {
    Job::within(&format!("{}: {stack} stack", environment.name), 60, environment)
        .checkout()
        .terraform()
        .sign_in(pipeline, environment, Role::Apply)
        .script("Plan and apply", "terraform", stack_of(pipeline, environment, stack, "apply"))
}

fn build(pipeline: &Pipeline, environment: &Environment) -> Job {
    let changes = id("changes", environment);
    let include = format!("${{{{ fromJSON(needs.{changes}.outputs.services) }}}}");
    let mut strategy = Map::new();
    strategy.set("fail-fast", false).set("matrix", Map::from([("include", include)]));
    let told = Map::from([
        ("REPOSITORY", "${{ matrix.physical }}".to_owned()),
        ("TAG", format!("${{{{ needs.{changes}.outputs.tag }}}}")),
        ("CONTEXT", "${{ matrix.context }}".to_owned()),
        ("DOCKERFILE", "${{ matrix.dockerfile }}".to_owned()),
        ("STAGE", "${{ matrix.stage }}".to_owned()),
        ("ARGUMENTS", "${{ toJSON(matrix.arguments) }}".to_owned()),
        ("LATEST", pipeline.ci.latest.to_string()),
    ]);
    let job =
        Job::within(&format!("{}: image of ${{{{ matrix.service }}}}", environment.name), 60, environment)
            .needs(&[changes.clone(), id("data", environment)])
            .when(&format!("needs.{changes}.outputs.names != '[]'"))
            .set("strategy", strategy)
            .checkout()
            .sign_in(pipeline, environment, Role::Build)
            .step(actions::BUILDX.step("Docker Buildx"))
            .script("Build and push", "build", told);
    match &environment.stacks.cluster {
        // Each release looks at its own.
        Some(_) => job,
        None => {
            let tag = format!("${{{{ needs.{changes}.outputs.tag }}}}");
            job.step(findings("${{ matrix.physical }}", &tag))
        }
    }
}

fn findings(repository: &str, tag: &str) -> Map {
    script_step("Findings in the image", "scan", Map::from([("REPOSITORY", repository), ("TAG", tag)]))
}

/// Nothing is brought of a commit with an image that does not build; without a change there is none to build.
fn compute(pipeline: &Pipeline, environment: &Environment) -> Job {
    let (changes, data, build) =
        (id("changes", environment), id("data", environment), id("build", environment));
    let job = stack(pipeline, environment, "compute");
    if !environment.stacks.services.iter().any(|service| service.build.is_some()) {
        return job.needs(&[changes, data]);
    }
    let condition = format!(
        "${{{{ !cancelled() && needs.{data}.result == 'success' && (needs.{build}.result == 'success' || needs.{build}.result == \
         'skipped') }}}}"
    );
    job.needs(&[changes, data, build]).when(&condition)
}

fn one_release(pipeline: &Pipeline, environment: &Environment, cluster: &str, service: &Delivered) -> Job {
    let (changes, compute) = (id("changes", environment), id("compute", environment));
    let changed = format!("contains(fromJSON(needs.{changes}.outputs.names), '{}')", service.name);
    let tag = format!("${{{{ needs.{changes}.outputs.tag }}}}");
    let job = Job::within(&format!("{}: {}", environment.name, service.name), 60, environment)
        .needs(&[changes, compute.clone()])
        .when(&format!("${{{{ !cancelled() && needs.{compute}.result == 'success' }}}}"))
        .checkout()
        .sign_in(pipeline, environment, Role::Deploy);
    let job = match &service.build {
        None => job,
        Some(_) => {
            let mut scan = findings(&service.physical, &tag);
            scan.set("if", changed.as_str());
            job.step(scan)
        }
    };
    let wanted = release::Wanted { tag, changed: format!("${{{{ {changed} }}}}"), is_again: false };
    release::steps(job, &pipeline.stacks(environment), cluster, service, &wanted)
}
