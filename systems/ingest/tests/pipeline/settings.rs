//! Missing and wrong settings.

use std::collections::BTreeMap;

use crate::process::command;

async fn refusal(role: &str, pairs: &[(&str, &str)]) -> (Option<i32>, String) {
    let environment: BTreeMap<_, _> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let output = command(&environment).arg(role).output().await.expect("the binary runs");
    assert!(output.stdout.is_empty());
    (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
}

#[tokio::test]
async fn all_problems_are_told_at_once() {
    let (code, text) =
        refusal("api", &[("PORT", "http"), ("AWS_MAX_RETRIES", "-1"), ("LOG_LEVEL", "LOUD")]).await;
    assert_eq!(code, Some(2));
    assert_eq!(
        text,
        "AWS_REGION is required and not set; put it into the environment\n\
         AWS_MAX_RETRIES must be a number from 0 to 100, not `-1`\n\
         SSM_TOKEN_PARAM is required and not set; put it into the environment\n\
         SQS_QUEUE_URL is required and not set; put it into the environment\n\
         PORT must be a number from 0 to 65535, not `http`\n\
         LOG_LEVEL must be one of TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL or OFF, not `LOUD`\n"
    );
}

#[tokio::test]
async fn the_worker_names_its_own() {
    let (code, text) = refusal("worker", &[("AWS_REGION", "us-east-1"), ("MAX_MESSAGES", "11")]).await;
    assert_eq!(code, Some(2));
    assert_eq!(
        text,
        "SQS_QUEUE_URL is required and not set; put it into the environment\n\
         S3_BUCKET is required and not set; put it into the environment\n\
         MAX_MESSAGES must be a number from 1 to 10, not `11`\n"
    );
}

#[tokio::test]
async fn a_port_in_use_is_one_sentence() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let mut environment = crate::moto::environment("http://127.0.0.1:9", "http://127.0.0.1:9/q");
    environment.extend([("HOST".to_owned(), "127.0.0.1".to_owned()), ("PORT".to_owned(), port.clone())]);
    let output = command(&environment).arg("api").output().await.expect("the binary runs");
    let text = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(1));
    assert!(text.starts_with(&format!("can't listen on 127.0.0.1:{port}: Address already in use")), "{text}");
}
