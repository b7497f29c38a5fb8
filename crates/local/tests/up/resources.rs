//! What services find of the resources they use.

use crate::harness::{Project, ask, get};

const SHOP: &str = "
name: shop
services:
  api:
    type: web
    run: $CHILD serve
    uses: { orders: send, token: read }
    secrets: { API_KEY: key, TOKEN: token }
  worker: { type: worker, run: sleep 1000, uses: { orders: consume, files: write } }
resources:
  orders: { type: queue, dead_letter: { tries: 5 } }
  files: { type: bucket }
  token: { type: parameter, secure: true, env: SSM_TOKEN_PARAM, local: throw-away }
  key: { type: parameter, secure: true }
";

#[tokio::test]
async fn queues_buckets_and_parameters_are_made_and_found() {
    let project = Project::new(SHOP);
    let up = project.started().await;
    let api = project.variables("api").await;
    let worker = project.variables("worker").await;
    let status = project.status().await;
    let endpoint = status.cloud.endpoint.clone().unwrap();
    assert_eq!(api["AWS_ENDPOINT_URL"], endpoint);
    assert_eq!(api["SQS_QUEUE_URL"], format!("{endpoint}/000000000000/shop-orders"));
    assert_eq!(worker["S3_BUCKET"], "shop-files");
    assert_eq!(api["SSM_TOKEN_PARAM"], "/shop/local/token");
    assert_eq!((api["TOKEN"].as_str(), api["API_KEY"].len()), ("throw-away", 32));
    assert!(!api.contains_key("S3_BUCKET") && !worker.contains_key("TOKEN"));
    assert!(get(&endpoint, "/shop-files").await.unwrap().0 < 500);

    let shown = serde_json::to_value(&status).unwrap();
    assert_eq!(shown["resources"]["orders"]["type"], "queue");
    assert_eq!(shown["resources"]["orders"]["env"]["SQS_QUEUE_URL"], api["SQS_QUEUE_URL"].as_str());
    assert_eq!(shown["resources"]["token"]["env"]["SSM_TOKEN_PARAM"], "/shop/local/token");
    let text = shown.to_string();
    assert!(!text.contains("throw-away") && !text.contains(&api["API_KEY"]));
    up.stop().await;
    assert_no_secret(&project, &api["API_KEY"]);
}

#[tokio::test]
async fn a_fifo_queue_and_its_dead_letter_queue_are_made() {
    let project = Project::new(
        "
name: shop
services: { worker: { type: worker, run: sleep 1000, uses: { orders: consume } } }
resources: { orders: { type: queue, fifo: true, dead_letter: { tries: 5 } } }
",
    );
    let up = project.started().await;
    let worker = project.variables("worker").await;
    let url = &worker["SQS_QUEUE_URL"];
    assert!(url.ends_with("/000000000000/shop-orders.fifo"), "{url}");
    let endpoint = project.status().await.cloud.endpoint.unwrap();
    let asked = format!("/?Action=GetQueueAttributes&QueueUrl={url}&AttributeName.1=All");
    let (status, answer) = get(&endpoint, &asked).await.unwrap();
    assert_eq!(status, 200, "{answer}");
    for part in [
        "<Name>FifoQueue</Name><Value>true</Value>",
        "<Name>ContentBasedDeduplication</Name><Value>true</Value>",
        "arn:aws:sqs:us-east-1:000000000000:shop-orders-dlq.fifo",
    ] {
        assert!(answer.contains(part), "{answer}");
    }
    up.stop().await;
}

#[tokio::test]
async fn a_random_value_is_kept_and_a_changed_local_value_is_taken() {
    let project = Project::new(SHOP);
    let value = async |project: &Project, name: &str| {
        let up = project.started().await;
        let variables = project.variables("api").await;
        up.stop().await;
        variables[name].clone()
    };
    let first = value(&project, "API_KEY").await;
    assert_eq!(value(&project, "API_KEY").await, first);
    let changed = project.with(&SHOP.replace("throw-away", "changed"));
    assert_eq!(value(&changed, "TOKEN").await, "changed");
}

const VAULT: &str = "
name: shop
services:
  api: { type: worker, run: sleep 1000, uses: { key: read, vault: read }, secrets: { API_KEY: key, VAULT: vault } }
resources:
  key: { type: secret }
  vault: { type: secret, local: throw-away, env: { name: VAULT_NAME, arn: VAULT_ARN } }
";

#[tokio::test]
async fn a_secret_is_read_through_secrets_manager_under_the_name_and_arn_a_service_finds() {
    let project = Project::new(VAULT);
    let up = project.started().await;
    let api = project.variables("api").await;
    let endpoint = project.status().await.cloud.endpoint.unwrap();
    assert_eq!(
        (api["KEY_SECRET"].as_str(), api["VAULT_NAME"].as_str()),
        ("/shop/local/key", "/shop/local/vault")
    );
    assert_eq!((api["API_KEY"].len(), api["VAULT"].as_str()), (32, "throw-away"));
    assert!(
        api["VAULT_ARN"]
            .starts_with("arn:aws:secretsmanager:us-east-1:000000000000:secret:/shop/local/vault-")
    );
    for (id, value) in [("KEY_SECRET", "API_KEY"), ("VAULT_NAME", "VAULT"), ("VAULT_ARN", "VAULT")] {
        let input = format!(r#"{{"SecretId":"{}"}}"#, api[id]);
        let (status, answer) = ask(&endpoint, "secretsmanager.GetSecretValue", &input).await.unwrap();
        let told = format!(r#""SecretString":"{}""#, api[value]);
        assert!(status == 200 && answer.contains(&told), "{answer}");
    }
    let text = serde_json::to_string(&project.status().await).unwrap();
    assert!(!text.contains("throw-away") && !text.contains(&api["API_KEY"]));
    up.stop().await;
}

#[tokio::test]
async fn a_secret_keeps_its_value_until_local_changes() {
    let project = Project::new(VAULT);
    let up = project.started().await;
    let first = project.variables("api").await;
    let endpoint = project.status().await.cloud.endpoint.unwrap();
    let rotated = r#"{"SecretId":"/shop/local/vault","ClientRequestToken":"0123456789abcdef0123456789abcdef","SecretString":"rotated"}"#;
    assert_eq!(ask(&endpoint, "secretsmanager.PutSecretValue", rotated).await.unwrap().0, 200);
    up.stop().await;
    let after = async |project: &Project| {
        let up = project.started().await;
        let variables = project.variables("api").await;
        up.stop().await;
        variables
    };
    let second = after(&project).await;
    assert_eq!((&second["API_KEY"], second["VAULT"].as_str()), (&first["API_KEY"], "rotated"));
    assert_eq!(second["VAULT_ARN"], first["VAULT_ARN"]);
    let changed = project.with(&VAULT.replace("throw-away", "changed"));
    assert_eq!(after(&changed).await["VAULT"], "changed");
}

/// Before there was Secrets Manager here, secrets were parameters: what a person has goes on.
#[tokio::test]
async fn a_secret_takes_over_the_value_it_had_as_a_parameter() {
    let project = Project::new(&VAULT.replace("type: secret", "type: parameter, secure: true"));
    let up = project.started().await;
    let before = project.variables("api").await;
    up.stop().await;
    let project = project.with(VAULT);
    let up = project.started().await;
    let after = project.variables("api").await;
    assert_eq!(after["API_KEY"], before["API_KEY"]);
    up.stop().await;
}

#[tokio::test]
async fn a_document_database_is_in_the_cloud_unless_the_caller_has_one() {
    let manifest = "
name: shop
services: { worker: { type: worker, run: sleep 1000, uses: { db: readwrite } } }
resources: { db: { type: mongodb, version: '5.0', env: { url: MONGO_URI, name: MONGO_DB, host: MONGO_HOST, port: MONGO_PORT } } }
";
    let mut project = Project::new(manifest);
    let up = project.started().await;
    let variables = project.variables("worker").await;
    let (url, name) = (variables["MONGO_URI"].clone(), variables["MONGO_DB"].clone());
    let address = format!("{}:{}", variables["MONGO_HOST"], variables["MONGO_PORT"]);
    assert_eq!(
        (url, name.as_str()),
        (format!("mongodb://{address}/shop-db?directConnection=true"), "shop-db")
    );
    up.stop().await;
    project.environment.insert("MONGO_URI".to_owned(), "mongodb://me:hidden@elsewhere/shop".to_owned());
    let up = project.started().await;
    let variables = project.variables("worker").await;
    assert_eq!(variables["MONGO_URI"], "mongodb://me:hidden@elsewhere/shop");
    assert_eq!(
        (variables["MONGO_DB"].as_str(), variables["MONGO_HOST"].as_str(), variables["MONGO_PORT"].as_str()),
        ("shop", "elsewhere", "27017")
    );
    assert!(!serde_json::to_string(&project.status().await).unwrap().contains("hidden"));
    up.stop().await;
}

// Neither the state nor a log may hold a secret's value; the cloud's own store seals it.
fn assert_no_secret(project: &Project, secret: &str) {
    for file in ["state.json", "up.log", "logs/api/api-1.log"] {
        let text = std::fs::read_to_string(project.file(".taxiway").join(file)).unwrap();
        assert!(!text.contains(secret), "{file}");
    }
}
