//! Requests as SDKs send them, and where they go.

use super::{Destination, Service, destination};
use crate::own::Endpoint;
use http::Request;

fn check(request: http::request::Builder, expected: &Destination) {
    let (parts, ()) = request.body(()).unwrap().into_parts();
    assert_eq!(&destination(&parts), expected);
}

fn json(service: Service, operation: &str) -> Destination {
    Destination::Json { service, operation: operation.to_owned() }
}

fn signed(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=a/b/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0"
    )
}

#[test]
fn the_target_header_comes_first() {
    let request = Request::post("/").header("x-amz-target", "AmazonSQS.SendMessage");
    check(request.header("authorization", signed("s3")), &json(Service::Sqs, "SendMessage"));
    let request = Request::post("/").header("x-amz-target", "AmazonSSM.GetParameter");
    check(request, &json(Service::Ssm, "GetParameter"));
    let request = Request::post("/").header("x-amz-target", "secretsmanager.GetSecretValue");
    check(request, &json(Service::Secrets, "GetSecretValue"));
    let request = Request::post("/").header("x-amz-target", "TrentService.Encrypt");
    check(request, &json(Service::Kms, "Encrypt"));
    let request = Request::post("/").header("x-amz-target", "DynamoDB_20120810.ListTables");
    check(request, &Destination::Unknown("DynamoDB_20120810.ListTables".to_owned()));
}

#[test]
fn the_signature_says_whose_it_is() {
    check(Request::post("/").header("authorization", signed("sts")), &Destination::Query(Service::Sts));
    check(Request::post("/").header("authorization", signed("sqs")), &Destination::Query(Service::Sqs));
    check(Request::get("/b?Action=x").header("authorization", signed("s3")), &Destination::S3);
    let presigned = "/b/k?X-Amz-Credential=AKID%2F20260101%2Fus-east-1%2Fs3%2Faws4_request";
    check(Request::get(presigned), &Destination::S3);
}

#[test]
fn an_action_is_the_query_protocol() {
    check(Request::get("/?Action=GetCallerIdentity&Version=x"), &Destination::Query(Service::Sts));
    check(Request::get("/?Version=x&Action=ListQueues"), &Destination::Query(Service::Sqs));
}

#[test]
fn an_unsigned_form_is_looked_into_only_where_no_bucket_can_be() {
    let form = "application/x-www-form-urlencoded; charset=utf-8";
    check(Request::post("/").header("content-type", form), &Destination::UnsignedForm);
    check(Request::post("/000000000000/q").header("content-type", form), &Destination::UnsignedForm);
    check(Request::post("/bucket?delete").header("content-type", form), &Destination::S3);
}

#[test]
fn everything_else_is_s3() {
    check(Request::get("/"), &Destination::S3);
    check(Request::put("/bucket/key"), &Destination::S3);
    check(Request::get("/_taxiway/health"), &Destination::Own(Endpoint::Health));
}
