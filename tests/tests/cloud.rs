//! `taxiway cloud`, and `queue` and `secrets` against it, as a person types them.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use harness::cloud::{Cloud, pipe, write};
use harness::{Project, binary, kill, request, run, succeed};
use serde_json::Value;

/// What a command printed as JSON.
fn json(command: &mut Command) -> Value {
    let said = succeed(command);
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// The sentence a command failed with.
fn refusal(command: &mut Command) -> String {
    let output = run(command);
    assert_eq!(output.status.code(), Some(1), "{command:?}");
    String::from_utf8(output.stderr).expect("text")
}

fn with_queues() -> (Cloud, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("init.yaml");
    write(&file, "queues:\n  orders: { visibility: 0s, dead_letter: { tries: 1 } }\n  mail: {}\n");
    (Cloud::start(&["--ephemeral", "--init", file.to_str().expect("text")]), folder)
}

#[test]
fn a_start_says_where_it_is_and_what_it_made() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (file, data) = (folder.path().join("init.json"), folder.path().join("data"));
    write(&file, r#"{"queues": ["orders"], "buckets": ["uploads"], "parameters": {"/app/colour": "blue"}}"#);
    let arguments = ["--data", data.to_str().expect("text"), "--init", file.to_str().expect("text")];
    let first = Cloud::start(&arguments);
    assert_eq!(first.started["init"], serde_json::json!({ "made": 3, "there": 0 }));
    assert_eq!(first.started["durability"], "process-crash");
    assert_ne!(first.started["port"], 0);
    first.kill();
    let again = Cloud::start(&arguments);
    assert_eq!(again.started["init"], serde_json::json!({ "made": 0, "there": 3 }));
    assert_eq!(json(&mut again.taxiway(&["queue", "ls", "--json"]))["queues"][0]["name"], "orders");
}

#[test]
fn everything_wrong_with_an_init_file_is_said_and_no_value() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("init.yaml");
    write(
        &file,
        "queues: { orders: { visibility: 5 } }\nbuckets: [Up]\nparameters: { a/b: never-show-this }\n",
    );
    let output = run(Command::new(binary("taxiway"))
        .args(["cloud", "--ephemeral", "--port", "0", "--init"])
        .arg(&file));
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(2), "{said}");
    for part in ["init.yaml:1:33", "init.yaml:2:11", "init.yaml:3:15", "write `/a/b`"] {
        assert!(said.contains(part), "no {part} in\n{said}");
    }
    assert!(!said.contains("never-show-this"), "{said}");
}

#[test]
fn a_message_is_sent_looked_at_and_purged() {
    let (cloud, _folder) = with_queues();
    succeed(&mut cloud.taxiway(&["queue", "send", "mail", "one", "--attribute", "kind=x"]));
    assert!(
        pipe(&mut cloud.taxiway(&["queue", "send", "mail", "-", "--delay", "900"]), "two").status.success()
    );
    for _ in 0..2 {
        let seen = json(&mut cloud.taxiway(&["queue", "peek", "mail", "--json"]));
        assert_eq!(
            (&seen["messages"][0]["body"], &seen["messages"][0]["receives"]),
            (&"one".into(), &0.into())
        );
        assert_eq!(
            (&seen["messages"][1]["body"], &seen["messages"][1]["state"]),
            (&"two".into(), &"delayed".into())
        );
    }
    let shown = succeed(&mut cloud.taxiway(&["queue", "peek", "mail"]));
    assert!(shown.contains("kind = x (String)") && shown.contains("\n  one\n"), "{shown}");
    let listed = succeed(&mut cloud.taxiway(&["queue", "ls"]));
    assert!(
        listed.starts_with("QUEUE       VISIBLE  IN FLIGHT  DELAYED  OLDEST  DEAD LETTERS TO\nmail        1"),
        "{listed}"
    );
    assert!(listed.contains("orders-dlq"), "{listed}");
    let said = refusal(&mut cloud.taxiway(&["queue", "purge", "mail"]));
    assert!(said.contains("add --yes"), "{said}");
    succeed(&mut cloud.taxiway(&["queue", "purge", "mail", "--yes"]));
    assert_eq!(
        json(&mut cloud.taxiway(&["queue", "peek", "mail", "--json"]))["messages"],
        serde_json::json!([])
    );
}

#[test]
fn dead_letters_go_back() {
    let (cloud, _folder) = with_queues();
    for body in ["one", "two", "three"] {
        succeed(&mut cloud.taxiway(&["queue", "send", "orders", body]));
    }
    // With a visibility of 0 s and one try, the second receive makes each a dead letter.
    let receive = || {
        let target = cloud.endpoint().trim_start_matches("http://").parse().expect("an address");
        let path = "/000000000000/orders?Action=ReceiveMessage&MaxNumberOfMessages=10";
        request(target, "GET", path, None).expect("an answer")
    };
    harness::eventually(std::time::Duration::from_secs(10), "three dead letters", || {
        receive();
        let queues = json(&mut cloud.taxiway(&["queue", "ls", "--json"]));
        (queues["queues"][2]["visible"] == 3).then_some(())
    });
    let moved = json(&mut cloud.taxiway(&["queue", "redrive", "orders", "--json"]));
    assert_eq!((&moved["queue"], &moved["moved"]), (&"orders-dlq".into(), &3.into()), "{moved}");
    let queues = json(&mut cloud.taxiway(&["queue", "ls", "--json"]));
    assert_eq!((&queues["queues"][1]["visible"], &queues["queues"][2]["visible"]), (&3.into(), &0.into()));
    let said = refusal(&mut cloud.taxiway(&["queue", "redrive", "mail"]));
    assert!(said.contains("no queue's dead-letter queue"), "{said}");
}

#[test]
fn what_is_not_there_is_said_with_what_to_do() {
    let (cloud, _folder) = with_queues();
    let said = refusal(&mut cloud.taxiway(&["queue", "peek", "ordrs"]));
    assert!(said.contains("there is no queue `ordrs`") && said.contains("did you mean `orders`?"), "{said}");
    let nobody = format!("http://127.0.0.1:{}", harness::free_port());
    let said = refusal(&mut cloud.taxiway(&["queue", "ls", "--endpoint", &nobody]));
    assert!(said.contains(&format!("no cloud answers at {nobody}")), "{said}");
    let said = refusal(
        cloud.taxiway(&["queue", "ls"]).env_remove("AWS_ENDPOINT_URL").env("AWS_ENDPOINT_URL", &nobody),
    );
    assert!(said.contains("AWS_ENDPOINT_URL points there"), "{said}");
    let said = refusal(&mut cloud.taxiway(&["queue", "ls", "--endpoint", "https://sqs.amazonaws.com"]));
    assert!(said.contains("a local cloud speaks http"), "{said}");
    let empty = tempfile::tempdir().expect("a temporary folder");
    let said = refusal(&mut cloud.taxiway(&["queue", "ls", empty.path().to_str().expect("text")]));
    assert!(said.contains("nothing runs in"), "{said}");
}

#[test]
fn a_value_is_set_from_standard_input_and_never_shown() {
    let cloud = Cloud::ephemeral();
    let value = "never-show-this";
    let mut everything = String::new();
    for words in [
        &["secrets", "set", "--parameter", "/app/token"][..],
        &["secrets", "set", "--parameter", "/app/token", "--description", "Of the door"],
    ] {
        let output = pipe(&mut cloud.taxiway(words), &format!("{value}\n"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        everything += &String::from_utf8_lossy(&output.stdout);
    }
    assert!(
        everything.contains("made the parameter") && everything.contains("changed the parameter"),
        "{everything}"
    );
    everything += &succeed(&mut cloud.taxiway(&["secrets", "ls", "--parameter"]));
    assert!(everything.contains("SecureString") && everything.contains("Of the door"), "{everything}");
    everything += &refusal(&mut cloud.taxiway(&["secrets", "set", "--parameter", "/app/token", value]));
    let empty = pipe(&mut cloud.taxiway(&["secrets", "set", "--parameter", "/app/token"]), "\n");
    assert!(String::from_utf8_lossy(&empty.stderr).contains("is empty; nothing was changed"));
    everything += &refusal(&mut cloud.taxiway(&["secrets", "rm", "--parameter", "/app/tokn", "--yes"]));
    succeed(&mut cloud.taxiway(&["secrets", "rm", "--parameter", "/app/token", "--yes"]));
    let left = json(&mut cloud.taxiway(&["secrets", "ls", "--parameter", "--json"]));
    assert_eq!(left["secrets"], serde_json::json!([]));
    assert!(!everything.contains(value), "{everything}");
}

#[test]
fn a_running_system_s_queue_is_found_by_its_own_name() {
    let project = Project::new(
        "name: shop\nservices:\n  clerk: { type: worker, run: sleep 600, uses: { orders: consume } }\n\
         resources:\n  orders: { type: queue }\n",
    );
    project.start();
    let mut send = project.taxiway_verb(&["queue", "send"]);
    succeed(send.args(["orders", "hello"]));
    let seen = json(project.taxiway_verb(&["queue", "peek"]).args(["orders", "--json"]));
    assert_eq!((&seen["queue"], &seen["messages"][0]["body"]), (&"shop-orders".into(), &"hello".into()));
    let address = project.cloud().trim_start_matches("http://").parse().expect("an address");
    let reset = request(address, "POST", "/_taxiway/reset", Some("")).expect("an answer");
    assert_eq!(reset.status, 403, "{}", reset.body);
}

#[test]
fn a_secret_is_what_set_makes_and_a_parameter_of_that_name_is_found() {
    let cloud = Cloud::ephemeral();
    let set = |words: &[&str], value: &str| {
        let output = pipe(&mut cloud.taxiway(words), value);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    assert!(set(&["secrets", "set", "app/db"], "one").contains("made the secret app/db"));
    assert!(set(&["secrets", "set", "app/db"], "two").contains("changed the secret app/db"));
    set(&["secrets", "set", "--parameter", "/app/token"], "three");
    assert!(set(&["secrets", "set", "/app/token"], "four").contains("changed the parameter /app/token"));
    let listed = succeed(&mut cloud.taxiway(&["secrets", "ls"]));
    assert!(
        listed.contains("app/db      secret ") && listed.contains("/app/token  parameter (SecureString)"),
        "{listed}"
    );
    succeed(&mut cloud.taxiway(&["secrets", "rm", "app/db", "--yes"]));
    let left = json(&mut cloud.taxiway(&["secrets", "ls", "--json"]));
    assert_eq!(left["secrets"][0]["name"], "/app/token");
    assert_eq!(left["secrets"][1], Value::Null);
}

#[test]
fn with_access_keys_only_who_has_one_is_answered() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("credentials");
    write(&file, "[default]\naws_access_key_id = mine\naws_secret_access_key = never-show-this\n");
    let cloud = Cloud::start(&["--ephemeral", "--credentials", file.to_str().expect("text")]);
    let set = |secret: &str| {
        let mut command = cloud.taxiway(&["secrets", "set", "--parameter", "/app/token"]);
        command.env("AWS_ACCESS_KEY_ID", "mine").env("AWS_SECRET_ACCESS_KEY", secret);
        pipe(&mut command, "a value")
    };
    let right = set("never-show-this");
    assert!(right.status.success(), "{}", String::from_utf8_lossy(&right.stderr));
    let wrong = set("something else");
    let said = String::from_utf8_lossy(&wrong.stderr);
    assert!(said.contains("signature"), "{said}");
    write(&file, "[default]\naws_access_key_id never-show-this\n");
    let said =
        refusal(Command::new(binary("taxiway")).args(["cloud", "--ephemeral", "--credentials"]).arg(&file));
    assert!(said.contains("credentials:2: ") && !said.contains("never-show-this"), "{said}");
}

#[test]
fn an_address_that_others_reach_is_said() {
    let mut command = Command::new(binary("taxiway"));
    command.args(["cloud", "--ephemeral", "--port", "0", "--bind", "0.0.0.0"]).stderr(Stdio::piped());
    let mut cloud = command.stdout(Stdio::null()).spawn().expect("taxiway starts");
    let mut said = String::new();
    BufReader::new(cloud.stderr.take().expect("its errors")).read_line(&mut said).expect("a line");
    kill(i32::try_from(cloud.id()).expect("a process id"));
    cloud.wait().expect("it ends");
    assert!(said.contains("reachable from other machines: whoever reaches it"), "{said}");
}
