//! Refusals, line by line: the same request in both protocols, and the status, names and sentence of the answer.

use std::net::SocketAddr;

use http::Request;
use serde_json::{Value, json};

use crate::queue::{Queue, call, json as read};
use crate::server::{Answer, Server, send};

/// One refusal. In the input and the message, `$S` is a standard queue's URL, `$F` a FIFO queue's, `$A` and `$B` their
/// ARNs and `$H` the handle of a deleted message of the standard queue.
struct Line {
    operation: &'static str,
    input: &'static str,
    status: u16,
    shape: &'static str,
    query: &'static str,
    message: &'static str,
}

/// A line whose two names are the same, or `InvalidParameterValue` and `MissingParameter` with their own.
const fn line(
    operation: &'static str,
    input: &'static str,
    code: &'static str,
    message: &'static str,
) -> Line {
    Line { operation, input, status: 400, shape: code, query: code, message }
}

const VALUE: &str = "InvalidParameterValue";
const MISSING: &str = "MissingParameter";
const GONE: &str = "QueueDoesNotExist";
const TAKEN: &str = "QueueNameExists";

#[rustfmt::skip]
const LINES: &[Line] = &[
    line("CreateQueue", r#"{}"#, MISSING, "The request must contain the parameter QueueName."),
    line("CreateQueue", r#"{"QueueName":"a b"}"#, VALUE, "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"),
    line("CreateQueue", r#"{"QueueName":"a.fifo"}"#, VALUE, "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"),
    line("CreateQueue", r#"{"QueueName":"a","Attributes":{"FifoQueue":"true"}}"#, VALUE, "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length"),
    line("CreateQueue", r#"{"QueueName":"a","Attributes":{"FifoQueue":"false"}}"#, "InvalidAttributeName", "Unknown Attribute FifoQueue."),
    line("CreateQueue", r#"{"QueueName":"a","Attributes":{"ContentBasedDeduplication":"false"}}"#, "InvalidAttributeName", "Unknown Attribute ContentBasedDeduplication."),
    line("CreateQueue", r#"{"QueueName":"a","Attributes":{"DeduplicationScope":"queue"}}"#, "InvalidAttributeName", "You can specify the DeduplicationScope only when FifoQueue is set to true."),
    line("CreateQueue", r#"{"QueueName":"a","Attributes":{"FifoThroughputLimit":"perQueue"}}"#, "InvalidAttributeName", "You can specify the FifoThroughputLimit only when FifoQueue is set to true."),
    line("CreateQueue", r#"{"QueueName":"a","Attributes":{"Nonsense":"1"}}"#, "InvalidAttributeName", "Unknown Attribute Nonsense."),
    line("CreateQueue", r#"{"QueueName":"a","Attributes":{"VisibilityTimeout":"43201"}}"#, "InvalidAttributeValue", "Invalid value for the parameter VisibilityTimeout."),
    line("CreateQueue", r#"{"QueueName":"standard","Attributes":{"DelaySeconds":"7"}}"#, TAKEN, "A queue already exists with the same name and a different value for attribute DelaySeconds"),
    line("CreateQueue", r#"{"QueueName":"ordered.fifo","Attributes":{"FifoQueue":"true","ContentBasedDeduplication":"true"}}"#, TAKEN, "A queue already exists with the same name and a different value for attribute ContentBasedDeduplication"),
    line("GetQueueUrl", r#"{}"#, MISSING, "The request must contain the parameter QueueName."),
    line("GetQueueUrl", r#"{"QueueName":"none"}"#, GONE, "The specified queue does not exist."),
    line("GetQueueUrl", r#"{"QueueName":"standard","QueueOwnerAWSAccountId":"123456789012"}"#, GONE, "The specified queue does not exist."),
    line("ListQueues", r#"{"MaxResults":1001}"#, VALUE, "Value 1001 for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000."),
    line("DeleteQueue", r#"{}"#, MISSING, "The request must contain the parameter QueueUrl."),
    line("DeleteQueue", r#"{"QueueUrl":"http://h/123456789012/standard"}"#, GONE, "The specified queue does not exist."),
    line("PurgeQueue", r#"{"QueueUrl":"http://h/standard"}"#, "InvalidAddress", "The address http://h/standard is not valid for this endpoint."),
    line("GetQueueAttributes", r#"{"QueueUrl":"$S","AttributeNames":["Nonsense"]}"#, "InvalidAttributeName", "Unknown Attribute Nonsense."),
    line("SetQueueAttributes", r#"{"QueueUrl":"$S","Attributes":{"FifoQueue":"true"}}"#, "InvalidAttributeName", "Unknown Attribute FifoQueue."),
    line("SetQueueAttributes", r#"{"QueueUrl":"$F","Attributes":{"FifoQueue":"false"}}"#, "InvalidAttributeValue", "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported."),
    line("SetQueueAttributes", r#"{"QueueUrl":"$S","Attributes":{"QueueArn":"x"}}"#, "InvalidAttributeName", "Unknown Attribute QueueArn."),
    line("SetQueueAttributes", r#"{"QueueUrl":"$S","Attributes":{"Policy":"{"}}"#, "InvalidAttributeValue", "Invalid value for the parameter Policy."),
    line("SetQueueAttributes", r#"{"QueueUrl":"$S","Attributes":{"KmsMasterKeyId":"k","SqsManagedSseEnabled":"true"}}"#, "InvalidAttributeName", "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE."),
    line("SetQueueAttributes", r#"{"QueueUrl":"$S","Attributes":{"RedrivePolicy":"x"}}"#, VALUE, "Value x for parameter RedrivePolicy is invalid. Reason: Redrive policy is not a valid JSON map."),
    line("SetQueueAttributes", r#"{"QueueUrl":"$S","Attributes":{"RedrivePolicy":"{\"maxReceiveCount\":1}"}}"#, VALUE, r#"Value {"maxReceiveCount":1} for parameter RedrivePolicy is invalid. Reason: Redrive policy does not contain mandatory attribute: deadLetterTargetArn."#),
    line("SetQueueAttributes", r#"{"QueueUrl":"$S","Attributes":{"RedrivePolicy":"{\"deadLetterTargetArn\":\"$A\"}"}}"#, VALUE, r#"Value {"deadLetterTargetArn":"$A"} for parameter RedrivePolicy is invalid. Reason: Redrive policy does not contain mandatory attribute: maxReceiveCount."#),
    line("SetQueueAttributes", r#"{"QueueUrl":"$S","Attributes":{"RedrivePolicy":"{\"deadLetterTargetArn\":\"dummy\",\"maxReceiveCount\":42}"}}"#, VALUE, r#"Value {"deadLetterTargetArn":"dummy","maxReceiveCount":42} for parameter RedrivePolicy is invalid. Reason: Invalid value for deadLetterTargetArn."#),
    line("SetQueueAttributes", r#"{"QueueUrl":"$S","Attributes":{"RedrivePolicy":"{\"deadLetterTargetArn\":\"$A\",\"maxReceiveCount\":0}"}}"#, VALUE, r#"Value {"deadLetterTargetArn":"$A","maxReceiveCount":0} for parameter RedrivePolicy is invalid. Reason: Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive."#),
    line("SetQueueAttributes", r#"{"QueueUrl":"$S","Attributes":{"RedrivePolicy":"{\"deadLetterTargetArn\":\"$A-none\",\"maxReceiveCount\":1}"}}"#, VALUE, r#"Value {"deadLetterTargetArn":"$A-none","maxReceiveCount":1} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist."#),
    line("SetQueueAttributes", r#"{"QueueUrl":"$S","Attributes":{"RedrivePolicy":"{\"deadLetterTargetArn\":\"$B\",\"maxReceiveCount\":1}"}}"#, VALUE, r#"Value {"deadLetterTargetArn":"$B","maxReceiveCount":1} for parameter RedrivePolicy is invalid. Reason: Dead-letter queue must be same type of queue as the source."#),
    line("SetQueueAttributes", r#"{"QueueUrl":"$S","Attributes":{"RedriveAllowPolicy":"{}"}}"#, VALUE, "Value {} for parameter RedriveAllowPolicy is invalid. Reason: Amazon SQS can't create the redrive allow policy, as it's in an unsupported format."),
    line("SendMessage", r#"{"QueueUrl":"$S"}"#, MISSING, "The request must contain the parameter MessageBody."),
    line("SendMessage", r#"{"QueueUrl":"$S","MessageBody":"a\u0001"}"#, "InvalidMessageContents", "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"),
    line("SendMessage", r#"{"QueueUrl":"$S","MessageBody":"x","DelaySeconds":901}"#, VALUE, "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."),
    line("SendMessage", r#"{"QueueUrl":"$S","MessageBody":"x","MessageGroupId":"a b"}"#, VALUE, "Value a b for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length."),
    line("SendMessage", r#"{"QueueUrl":"$S","MessageBody":"x","MessageGroupId":""}"#, VALUE, "Value  for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length."),
    line("SendMessage", r#"{"QueueUrl":"$S","MessageBody":"x","MessageDeduplicationId":"d"}"#, VALUE, "Value d for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type."),
    line("SendMessage", r#"{"QueueUrl":"$F","MessageBody":"x","MessageGroupId":"g"}"#, VALUE, "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"),
    line("SendMessage", r#"{"QueueUrl":"$F","MessageBody":"x","MessageDeduplicationId":"d"}"#, MISSING, "The request must contain the parameter MessageGroupId."),
    line("SendMessage", r#"{"QueueUrl":"$F","MessageBody":"x","MessageGroupId":"g","MessageDeduplicationId":""}"#, VALUE, "Value  for parameter MessageDeduplicationId is invalid. Reason: MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length."),
    line("SendMessage", r#"{"QueueUrl":"$F","MessageBody":"x","MessageGroupId":"g","MessageDeduplicationId":"d","DelaySeconds":2}"#, VALUE, "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type."),
    line("SendMessage", r#"{"QueueUrl":"$S","MessageBody":"x","MessageAttributes":{"Details":{"StringValue":"","DataType":"String"}}}"#, VALUE, "Message (user) attribute 'Details' must contain a non-empty value of type 'String'."),
    line("SendMessage", r#"{"QueueUrl":"$S","MessageBody":"x","MessageSystemAttributes":{"Other":{"StringValue":"x","DataType":"String"}}}"#, VALUE, "Message system attribute name 'Other' is invalid."),
    line("ReceiveMessage", r#"{"QueueUrl":"$S","MaxNumberOfMessages":11}"#, VALUE, "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."),
    line("ReceiveMessage", r#"{"QueueUrl":"$S","MaxNumberOfMessages":0}"#, VALUE, "Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."),
    line("ReceiveMessage", r#"{"QueueUrl":"$S","WaitTimeSeconds":21}"#, VALUE, "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided."),
    line("ReceiveMessage", r#"{"QueueUrl":"$S","WaitTimeSeconds":-1}"#, VALUE, "Value -1 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided."),
    line("ReceiveMessage", r#"{"QueueUrl":"$S","VisibilityTimeout":43201}"#, VALUE, "Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided."),
    line("ReceiveMessage", r#"{"QueueUrl":"$S","AttributeNames":["Nonsense"]}"#, "InvalidAttributeName", "Unknown Attribute Nonsense."),
    line("ReceiveMessage", r#"{"QueueUrl":"$S","ReceiveRequestAttemptId":"a"}"#, VALUE, "Value a for parameter ReceiveRequestAttemptId is invalid. Reason: The request include parameter that is not valid for this queue type."),
    line("DeleteMessage", r#"{"QueueUrl":"$S"}"#, MISSING, "The request must contain the parameter ReceiptHandle."),
    line("DeleteMessage", r#"{"QueueUrl":"$S","ReceiptHandle":"garbage"}"#, "ReceiptHandleIsInvalid", "The input receipt handle \"garbage\" is not a valid receipt handle."),
    line("DeleteMessage", r#"{"QueueUrl":"$F","ReceiptHandle":"$H"}"#, "ReceiptHandleIsInvalid", "The input receipt handle \"$H\" is not a valid receipt handle."),
    line("ChangeMessageVisibility", r#"{"QueueUrl":"$S","ReceiptHandle":"$H"}"#, MISSING, "The request must contain the parameter VisibilityTimeout."),
    line("ChangeMessageVisibility", r#"{"QueueUrl":"$S","ReceiptHandle":"$H","VisibilityTimeout":43201}"#, VALUE, "Value 43201 for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200."),
    line("ChangeMessageVisibility", r#"{"QueueUrl":"$S","ReceiptHandle":"$H","VisibilityTimeout":1}"#, VALUE, "Value $H for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change."),
    line("SendMessageBatch", r#"{"QueueUrl":"$S","Entries":[]}"#, "EmptyBatchRequest", "There should be at least one SendMessageBatchRequestEntry in the request."),
    line("SendMessageBatch", r#"{"QueueUrl":"$S","Entries":[{"Id":"a b","MessageBody":"x"}]}"#, "InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."),
    line("SendMessageBatch", r#"{"QueueUrl":"$S","Entries":[{"Id":"a","MessageBody":"x"},{"Id":"a","MessageBody":"x"}]}"#, "BatchEntryIdsNotDistinct", "Id a repeated."),
    line("SendMessageBatch", r#"{"QueueUrl":"$F","Entries":[{"Id":"a","MessageBody":"x","MessageDeduplicationId":"d"}]}"#, VALUE, "The request must contain the parameter MessageGroupId."),
    line("SendMessageBatch", r#"{"QueueUrl":"$F","Entries":[{"Id":"a","MessageBody":"x","MessageGroupId":"g"}]}"#, VALUE, "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"),
    line("DeleteMessageBatch", r#"{"QueueUrl":"$S","Entries":[{"Id":"","ReceiptHandle":"x"}]}"#, "InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."),
    line("ChangeMessageVisibilityBatch", r#"{"QueueUrl":"$S","Entries":[]}"#, "EmptyBatchRequest", "There should be at least one ChangeMessageVisibilityBatchRequestEntry in the request."),
    line("AddPermission", r#"{"QueueUrl":"$S","Label":"L","AWSAccountIds":["111111111111"]}"#, MISSING, "The request must contain the parameter Actions."),
    line("AddPermission", r#"{"QueueUrl":"$S","Label":"L","Actions":["SendMessage"]}"#, VALUE, "Value [] for parameter PrincipalId is invalid. Reason: Unable to verify."),
    line("AddPermission", r#"{"QueueUrl":"$S","Label":"L","AWSAccountIds":["111111111111"],"Actions":["DeleteQueue"]}"#, VALUE, "Value SQS:DeleteQueue for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action."),
    line("AddPermission", r#"{"QueueUrl":"$S","Label":"L","AWSAccountIds":["111111111111"],"Actions":["Fly"]}"#, VALUE, "Value SQS:Fly for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions. "),
    Line { status: 403, ..line("AddPermission", r#"{"QueueUrl":"$S","Label":"L","AWSAccountIds":["111111111111"],"Actions":["*","*","*","*","*","*","*","*"]}"#, "OverLimit", "8 Actions were found, maximum allowed is 7.") },
    line("RemovePermission", r#"{"QueueUrl":"$S","Label":"L"}"#, VALUE, "Value L for parameter Label is invalid. Reason: can't find label."),
    line("TagQueue", r#"{"QueueUrl":"$S"}"#, MISSING, "The request must contain the parameter Tags."),
    line("TagQueue", r#"{"QueueUrl":"$S","Tags":{"aws:a":"b"}}"#, VALUE, "Tag key \"aws:a\" is invalid: the prefix aws: is reserved."),
    line("UntagQueue", r#"{"QueueUrl":"$S"}"#, VALUE, "Tag keys must be between 1 and 128 characters in length."),
    line("StartMessageMoveTask", r#"{"SourceArn":"$A"}"#, VALUE, "Source queue must be configured as a Dead Letter Queue."),
    line("StartMessageMoveTask", r#"{"SourceArn":"x"}"#, VALUE, "You must use this format to specify the SourceArn: arn:<partition>:<service>:<region>:<account-id>:<resource-id>"),
    Line { status: 404, ..line("StartMessageMoveTask", r#"{"SourceArn":"$A-none"}"#, "ResourceNotFoundException", "The resource that you specified for the SourceArn parameter doesn't exist.") },
    Line { status: 404, ..line("ListMessageMoveTasks", r#"{"SourceArn":"$A-none"}"#, "ResourceNotFoundException", "The resource that you specified for the SourceArn parameter doesn't exist.") },
    line("ListMessageMoveTasks", r#"{"SourceArn":"$A","MaxResults":11}"#, VALUE, "Value 11 for parameter MaxResults is invalid. Reason: Must be between 1 and 10, if provided."),
    line("CancelMessageMoveTask", r#"{"TaskHandle":"none"}"#, VALUE, "Value for parameter TaskHandle is invalid."),
];

#[tokio::test]
async fn refusals_in_both_protocols() {
    let server = Server::start().await;
    let standard = Queue::create(server.address, "standard", json!({})).await;
    let fifo = Queue::create(server.address, "ordered.fifo", json!({ "FifoQueue": "true" })).await;
    standard.send("x").await.unwrap();
    let handle = standard.receive(30, 0).await.unwrap().remove(0).handle;
    standard.delete(&handle).await.unwrap();
    let arn = |name: &str| format!("arn:aws:sqs:us-east-1:000000000000:{name}");
    let filled = |text: &str| {
        text.replace("$S", &standard.url)
            .replace("$F", &fifo.url)
            .replace("$A", &arn("standard"))
            .replace("$B", &arn("ordered.fifo"))
            .replace("$H", &handle)
    };
    for line in LINES {
        let (input, message) = (filled(line.input), filled(line.message));
        check_json(server.address, line, &input, &message).await;
        check_query(server.address, line, &input, &message).await;
    }
}

async fn check_json(address: SocketAddr, line: &Line, input: &str, message: &str) {
    let answer = call(address, line.operation, &serde_json::from_str(input).unwrap()).await.unwrap();
    let context = format!("{} {input}: {}", line.operation, answer.text());
    assert_eq!(answer.status, line.status, "{context}");
    let found = read(&answer);
    assert_eq!(found["__type"], format!("com.amazonaws.sqs#{}", shape(line)), "{context}");
    assert_eq!(found["message"], message, "{context}");
    assert_eq!(answer.headers["x-amzn-query-error"], format!("{};Sender", query(line)), "{context}");
}

async fn check_query(address: SocketAddr, line: &Line, input: &str, message: &str) {
    let form = form(line.operation, &serde_json::from_str(input).unwrap());
    let answer = post(address, "/", &form).await;
    let context = format!("{form}: {}", answer.text());
    assert_eq!(
        (answer.status, &answer.headers["content-type"]),
        (line.status, &"text/xml".parse().unwrap()),
        "{context}"
    );
    let document = roxmltree::Document::parse(answer.text()).unwrap();
    let text = |name: &str| {
        let node = document.descendants().find(|node| node.tag_name().name() == name).expect(name);
        assert_eq!(node.tag_name().namespace(), Some("http://queue.amazonaws.com/doc/2012-11-05/"));
        node.text().unwrap_or_default().to_owned()
    };
    let message = message.replace("queue does not exist.", "queue does not exist for this wsdl version.");
    assert_eq!(
        (text("Type").as_str(), text("Code"), text("Message")),
        ("Sender", query(line).to_owned(), message),
        "{context}"
    );
    assert_eq!(text("RequestId"), answer.headers["x-amzn-requestid"].to_str().unwrap());
    text("Detail");
}

fn shape(line: &Line) -> &str {
    match line.shape {
        VALUE => "InvalidParameterValueException",
        MISSING => "MissingRequiredParameterException",
        shape => shape,
    }
}

/// The names of the Query protocol are longer where the model of that time says so.
fn query(line: &Line) -> String {
    match line.query {
        GONE => "AWS.SimpleQueueService.NonExistentQueue".to_owned(),
        TAKEN => "QueueAlreadyExists".to_owned(),
        batch if batch.contains("Batch") => format!("AWS.SimpleQueueService.{batch}"),
        same => same.to_owned(),
    }
}

async fn post(address: SocketAddr, path: &str, form: &str) -> Answer {
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    send(address, request, form.to_owned()).await.unwrap()
}

/// A JSON input as a form with the Query protocol's names.
fn form(operation: &str, input: &Value) -> String {
    let mut form = format!("Action={operation}&Version=2012-11-05");
    add_members(&mut form, operation, "", input);
    form
}

fn add_members(form: &mut String, operation: &str, prefix: &str, input: &Value) {
    for (name, value) in input.as_object().unwrap() {
        match (name.as_str(), value) {
            ("Entries", Value::Array(entries)) => {
                let name = format!("{operation}RequestEntry");
                if entries.is_empty() {
                    add(form, &name, &Value::from(""));
                }
                for (number, entry) in (1..).zip(entries) {
                    add_members(form, operation, &format!("{name}.{number}."), entry);
                }
            }
            (name, Value::Array(entries)) => {
                let name = if name == "Actions" { "ActionName" } else { name.trim_end_matches('s') };
                (1..).zip(entries).for_each(|(number, entry)| add(form, &format!("{name}.{number}"), entry));
            }
            (name, Value::Object(entries)) => {
                let key = if name == "Tags" { "Key" } else { "Name" };
                for (number, (entry, value)) in (1..).zip(entries) {
                    let entry_prefix = format!("{prefix}{}.{number}", name.trim_end_matches('s'));
                    add(form, &format!("{entry_prefix}.{key}"), &Value::from(entry.as_str()));
                    match value {
                        Value::Object(_) => {
                            add_members(form, operation, &format!("{entry_prefix}.Value."), value);
                        }
                        plain => add(form, &format!("{entry_prefix}.Value"), plain),
                    }
                }
            }
            (name, plain) => add(form, &format!("{prefix}{name}"), plain),
        }
    }
}

fn add(form: &mut String, name: &str, value: &Value) {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let encoded = percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC);
    form.push_str(&format!("&{name}={encoded}"));
}

#[tokio::test]
async fn a_queues_url_is_an_endpoint() {
    let server = Server::start().await;
    let address = server.address;
    Queue::create(address, "q", json!({})).await;
    let get = async |path: &str| send(address, Request::get(path), "").await.unwrap();
    let path = "/000000000000/q";
    let sent = post(address, path, "Action=SendMessage&MessageBody=foobar").await;
    assert!(
        sent.text().contains("<SendMessageResult><MD5OfMessageBody>3858f62230ac3c915f300c664312c63f<"),
        "{}",
        sent.text()
    );
    let received = get(&format!("{path}?Action=ReceiveMessage&VisibilityTimeout=0")).await;
    assert!(received.text().contains("<Body>foobar</Body>"), "{}", received.text());
    let all = get(&format!("{path}?Action=GetQueueAttributes&AttributeName.1=All")).await;
    assert!(
        all.text().contains("<Attribute><Name>VisibilityTimeout</Name><Value>30</Value></Attribute>"),
        "{}",
        all.text()
    );
    for operation in ["CreateQueue&QueueName=x", "ListQueues", "FooBar"] {
        let refused = get(&format!("{path}?Action={operation}")).await;
        let name = operation.split('&').next().unwrap();
        let sentence = format!(
            "<Code>InvalidAction</Code><Message>The action {name} is not valid for this endpoint.</Message>"
        );
        assert_eq!(refused.status, 400);
        assert!(refused.text().contains(&sentence), "{}", refused.text());
    }
    let url = get("/?Action=GetQueueUrl&QueueName=q&QueueOwnerAWSAccountId=000000000000").await;
    assert!(
        url.text().contains(&format!("<QueueUrl>http://{address}/000000000000/q</QueueUrl>")),
        "{}",
        url.text()
    );
    let signed =
        "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0";
    let nothing = send(address, Request::get(path).header("authorization", signed), "").await.unwrap();
    assert_eq!((nothing.status, nothing.text()), (404, "<UnknownOperationException/>\n"));
    let gone = get(&format!("{path}?Action=DeleteQueue")).await;
    assert!(
        gone.text().contains("<DeleteQueueResponse ") && !gone.text().contains("Result"),
        "{}",
        gone.text()
    );
}
