"""The queue as an SDK from before 2024 sees it, over the Query protocol. Usage: sqs_query.py ENDPOINT.

Today's botocore carries only the JSON protocol's model, so its model is put back: the protocol, and the names that
lists and maps have in a form and in XML. Ends with `ok N checks`."""

import hashlib
import json
import uuid

import boto3
import botocore.loaders

from kit import done, endpoint, equal, who
from sqs_kit import RETRIES, refused

NAMESPACE = "http://queue.amazonaws.com/doc/2012-11-05/"

# Members whose name in the Query protocol is not the one they have in JSON.
MEMBERS = {
    "Attributes": "Attribute",
    "MessageAttributes": "MessageAttribute",
    "MessageSystemAttributes": "MessageSystemAttribute",
    "Tags": "Tag",
    "tags": "Tag",
    "StringListValues": "StringListValue",
    "BinaryListValues": "BinaryListValue",
}

# Names of a list's entries.
ENTRIES = {
    "ActionNameList": "ActionName",
    "AWSAccountIdList": "AWSAccountId",
    "AttributeNameList": "AttributeName",
    "MessageSystemAttributeList": "MessageSystemAttributeName",
    "MessageAttributeNameList": "MessageAttributeName",
    "TagKeyList": "TagKey",
    "QueueUrlList": "QueueUrl",
    "MessageList": "Message",
    "StringList": "StringListValue",
    "BinaryList": "BinaryListValue",
}


def as_query(model):
    model["metadata"].update(protocol="query", protocols=["query"], xmlNamespace=NAMESPACE)
    for old in ("awsQueryCompatible", "jsonVersion", "targetPrefix"):
        model["metadata"].pop(old, None)
    for name, operation in model["operations"].items():
        if "output" in operation:
            operation["output"]["resultWrapper"] = f"{name}Result"
    model["shapes"]["QueueDoesNotExist"]["error"] = {"code": "AWS.SimpleQueueService.NonExistentQueue"}
    for name, shape in model["shapes"].items():
        for member, its in shape.get("members", {}).items():
            if member in MEMBERS:
                its["locationName"] = MEMBERS[member]
        if shape["type"] == "list":
            shape["member"]["locationName"] = ENTRIES.get(name, name.removesuffix("List"))
        if shape["type"] == "map":
            tag = name == "TagMap"
            shape["key"]["locationName"], shape["value"]["locationName"] = ("Key", "Value") if tag else ("Name", "Value")
    return model


class Loader(botocore.loaders.Loader):
    def load_service_model(self, service_name, type_name, api_version=None):
        model = super().load_service_model(service_name, type_name, api_version)
        if (service_name, type_name) == ("sqs", "service-2") and model["metadata"]["protocol"] != "query":
            return as_query(json.loads(json.dumps(model)))
        return model


session = boto3.session.Session()
paths = session._session.get_component("data_loader").search_paths
session._session.register_component("data_loader", Loader(extra_search_paths=paths))
sqs = session.client("sqs", **who(retries=RETRIES))
assert sqs.meta.service_model.metadata["protocol"] == "query"


def queue(**attributes):
    return sqs.create_queue(QueueName=f"q-{uuid.uuid4()}", Attributes=attributes)["QueueUrl"]


def attributes(url, *names):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names) or ["All"]).get("Attributes", {})


def queues_and_attributes():
    name = f"made-{uuid.uuid4()}"
    url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "60"}, tags={"a": "b & c"})["QueueUrl"]
    equal(url, f"{endpoint}/000000000000/{name}")
    equal(sqs.get_queue_url(QueueName=name)["QueueUrl"], url)
    equal(sqs.list_queues(QueueNamePrefix=name)["QueueUrls"], [url])
    equal(sqs.list_queues(QueueNamePrefix=f"{name}x").get("QueueUrls"), None)
    equal(attributes(url, "VisibilityTimeout", "DelaySeconds"), {"VisibilityTimeout": "60", "DelaySeconds": "0"})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "7", "MessageRetentionPeriod": "60"})
    equal(attributes(url)["DelaySeconds"], "7")
    equal(sqs.list_queue_tags(QueueUrl=url)["Tags"], {"a": "b & c"})
    sqs.tag_queue(QueueUrl=url, Tags={"c": "d", "e": ""})
    sqs.untag_queue(QueueUrl=url, TagKeys=["a", "c"])
    equal(sqs.list_queue_tags(QueueUrl=url)["Tags"], {"e": ""})
    sqs.add_permission(QueueUrl=url, Label="L", AWSAccountIds=["111111111111", "222222222222"], Actions=["SendMessage"])
    equal(len(json.loads(attributes(url)["Policy"])["Statement"][0]["Principal"]["AWS"]), 2)
    sqs.remove_permission(QueueUrl=url, Label="L")
    sqs.purge_queue(QueueUrl=url)
    sqs.delete_queue(QueueUrl=url)
    message = refused("AWS.SimpleQueueService.NonExistentQueue", sqs.get_queue_url, QueueName=name)
    equal(message, "The specified queue does not exist for this wsdl version.")
    try:
        sqs.get_queue_url(QueueName=name)
    except sqs.exceptions.QueueDoesNotExist:
        equal(True, True)


def messages_come_and_go():
    url = queue(VisibilityTimeout="60")
    body = 'a <b> & "c"\r\nd ünï 💌'
    given = {
        "s": {"DataType": "String.custom", "StringValue": "<é>"},
        "n": {"DataType": "Number", "StringValue": "-1.5"},
        "b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    }
    trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}}
    sent = sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=given, MessageSystemAttributes=trace)
    equal(sent["MD5OfMessageBody"], hashlib.md5(body.encode()).hexdigest())
    message = sqs.receive_message(QueueUrl=url, AttributeNames=["All"], MessageAttributeNames=["All"])["Messages"][0]
    equal((message["MessageId"], message["Body"]), (sent["MessageId"], body))
    equal(message["MessageAttributes"], given)
    equal(message["MD5OfMessageAttributes"], sent["MD5OfMessageAttributes"])
    equal(message["Attributes"]["ApproximateReceiveCount"], "1")
    equal(message["Attributes"]["AWSTraceHeader"], trace["AWSTraceHeader"]["StringValue"])
    equal("Messages" in sqs.receive_message(QueueUrl=url), False)
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    handle = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2)["Messages"][0]["ReceiptHandle"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    equal(attributes(url)["ApproximateNumberOfMessagesNotVisible"], "0")


def batches_answer_entry_by_entry():
    url = queue()
    entries = [{"Id": f"e{n}", "MessageBody": f"m{n}"} for n in range(9)]
    result = sqs.send_message_batch(QueueUrl=url, Entries=[*entries, {"Id": "bad", "MessageBody": "x", "DelaySeconds": 901}])
    equal([entry["Id"] for entry in result["Successful"]], [f"e{n}" for n in range(9)])
    equal([(entry["Id"], entry["Code"], entry["SenderFault"]) for entry in result["Failed"]],
          [("bad", "InvalidParameterValue", True)])
    handles = [message["ReceiptHandle"] for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]]
    change = [{"Id": str(n), "ReceiptHandle": handle, "VisibilityTimeout": 60} for n, handle in enumerate(handles)]
    equal(len(sqs.change_message_visibility_batch(QueueUrl=url, Entries=change)["Successful"]), 9)
    gone = [{"Id": str(n), "ReceiptHandle": handle} for n, handle in enumerate(handles)]
    result = sqs.delete_message_batch(QueueUrl=url, Entries=[*gone, {"Id": "bad", "ReceiptHandle": "garbage"}])
    equal((len(result["Successful"]), result["Failed"][0]["Code"]), (9, "ReceiptHandleIsInvalid"))
    refused("AWS.SimpleQueueService.EmptyBatchRequest", sqs.send_message_batch, QueueUrl=url, Entries=[])


def dead_letters_are_moved():
    dead = queue()
    arn = attributes(dead, "QueueArn")["QueueArn"]
    url = queue(RedrivePolicy=json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1}))
    equal(sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"], [url])
    handle = sqs.start_message_move_task(SourceArn=arn)["TaskHandle"]
    while (task := sqs.list_message_move_tasks(SourceArn=arn)["Results"][0])["Status"] == "RUNNING":
        equal(task["TaskHandle"], handle)
    equal((task["Status"], task["ApproximateNumberOfMessagesMoved"]), ("COMPLETED", 0))
    refused("ResourceNotFoundException", sqs.list_message_move_tasks, SourceArn=f"{arn}-none")
    refused("OverLimit", sqs.add_permission, QueueUrl=url, Label="L", AWSAccountIds=["111111111111"], Actions=["SendMessage"] * 8)


for step in (queues_and_attributes, messages_come_and_go, batches_answer_entry_by_entry, dead_letters_are_moved):
    try:
        step()
    except BaseException:
        print(f"failed: {step.__name__}", flush=True)
        raise
done()
