//! moto's server as AWS: a queue with a dead-letter queue, a bucket and a parameter.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sqs::types::QueueAttributeName;
use tokio::process::{Child, Command};

use crate::eventually;

pub(crate) const TOKEN: &str = "local-dev-token";
pub(crate) const BUCKET: &str = "payloads";
const PARAMETER: &str = "/ingest/token";

/// A running peer, with resources of its own.
pub(crate) struct Moto {
    pub(crate) endpoint: String,
    pub(crate) queue_url: String,
    pub(crate) dead_letters: String,
    pub(crate) sqs: aws_sdk_sqs::Client,
    pub s3: aws_sdk_s3::Client,
    pub(crate) ssm: aws_sdk_ssm::Client,
    _server: Child,
}

/// An address nobody listens on at this moment.
pub(crate) fn free_address() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, harness::free_port()).into()
}

impl Moto {
    /// Starts one on a free port, or says that it is not installed.
    pub(crate) async fn start() -> Option<Self> {
        Self::start_at(free_address()).await
    }

    /// Starts one at this address.
    pub(crate) async fn start_at(address: SocketAddr) -> Option<Self> {
        let mut command = Command::new("moto_server");
        command.args(["-H", "127.0.0.1", "-p", &address.port().to_string()]);
        let server = command.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn();
        let Ok(server) = server else {
            println!("skipped: moto_server is not on the PATH; `pip install 'moto[server]'` brings it");
            return None;
        };
        eventually("moto_server to listen", async || tokio::net::TcpStream::connect(address).await.ok())
            .await;
        Some(Self::furnish(format!("http://{address}"), server).await)
    }

    async fn furnish(endpoint: String, server: Child) -> Self {
        let config = config(&endpoint);
        let s3 = aws_sdk_s3::config::Builder::from(&config).force_path_style(true).build();
        let (s3, sqs, ssm) = (
            aws_sdk_s3::Client::from_conf(s3),
            aws_sdk_sqs::Client::new(&config),
            aws_sdk_ssm::Client::new(&config),
        );
        s3.create_bucket().bucket(BUCKET).send().await.expect("a bucket");
        let dead =
            sqs.create_queue().queue_name("dead").send().await.expect("a queue").queue_url.expect("a URL");
        let redrive =
            r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:dead","maxReceiveCount":"5"}"#;
        let create =
            sqs.create_queue().queue_name("emails").attributes(QueueAttributeName::RedrivePolicy, redrive);
        let queue = create.send().await.expect("a queue").queue_url.expect("a URL");
        let moto = Self { endpoint, queue_url: queue, dead_letters: dead, sqs, s3, ssm, _server: server };
        moto.set_token(TOKEN).await;
        moto
    }

    pub(crate) async fn set_token(&self, value: &str) {
        let put = self.ssm.put_parameter().name(PARAMETER).value(value).overwrite(true);
        put.r#type(aws_sdk_ssm::types::ParameterType::SecureString).send().await.expect("a parameter");
    }

    /// What a role needs in its environment, as `taxiway up` gives it.
    pub(crate) fn environment(&self) -> BTreeMap<String, String> {
        environment(&self.endpoint, &self.queue_url)
    }

    /// Key → body of every object.
    pub(crate) async fn objects(&self) -> BTreeMap<String, String> {
        let mut pages = self.s3.list_objects_v2().bucket(BUCKET).into_paginator().send();
        let mut objects = BTreeMap::new();
        while let Some(page) = pages.next().await {
            for key in
                page.expect("a page").contents.unwrap_or_default().into_iter().filter_map(|object| object.key)
            {
                let object = self.s3.get_object().bucket(BUCKET).key(&key).send().await.expect("an object");
                assert_eq!(object.content_type.as_deref(), Some("application/json"));
                let body = object.body.collect().await.expect("a body").to_vec();
                objects.insert(key, String::from_utf8(body).expect("UTF-8"));
            }
        }
        objects
    }

    /// How many objects there are.
    pub(crate) async fn object_count(&self) -> usize {
        let mut pages = self.s3.list_objects_v2().bucket(BUCKET).into_paginator().send();
        let mut count = 0;
        while let Some(page) = pages.next().await {
            count += page.expect("a page").contents.unwrap_or_default().len();
        }
        count
    }

    /// Messages in a queue, visible or not.
    pub(crate) async fn depth(&self, queue_url: &str) -> usize {
        let names = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let call =
            self.sqs.get_queue_attributes().queue_url(queue_url).set_attribute_names(Some(names.to_vec()));
        let attributes = call.send().await.expect("attributes").attributes.unwrap_or_default();
        attributes.values().map(|count| count.parse::<usize>().expect("a count")).sum()
    }
}

/// The environment for an endpoint that need not exist.
pub(crate) fn environment(endpoint: &str, queue_url: &str) -> BTreeMap<String, String> {
    let pairs = [
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("SQS_QUEUE_URL", queue_url),
        ("S3_BUCKET", BUCKET),
        ("SSM_TOKEN_PARAM", PARAMETER),
        ("POLL_WAIT_SECONDS", "1"),
        ("SLEEP_ON_EMPTY_SECONDS", "0"),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn config(endpoint: &str) -> SdkConfig {
    let http = aws_smithy_http_client::Builder::new().build_http();
    let credentials = aws_sdk_s3::config::Credentials::new("test", "test", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .http_client(http)
        .credentials_provider(aws_sdk_s3::config::SharedCredentialsProvider::new(credentials))
        .build()
}
