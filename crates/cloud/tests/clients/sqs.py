"""The queue as boto3 sees it. Usage: sqs.py ENDPOINT. Ends with `ok N checks`."""

import hashlib
import json
import threading
import time
import uuid

from kit import done, endpoint, equal, resource
from sqs_kit import client, refused

sqs = client()
sts = client("sts")


def true(condition, what=""):
    equal(bool(condition), True, what)


def within(seconds, condition, what):
    """Waits for a condition."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what} did not come true in {seconds} s"
        time.sleep(0.02)


def queue(**attributes):
    name = f"q-{uuid.uuid4()}"
    return sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]


def attributes(url, *names):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names) or ["All"]).get("Attributes", {})


def arn(url):
    return attributes(url, "QueueArn")["QueueArn"]


def counts(url):
    found = attributes(url)
    return tuple(
        int(found[f"ApproximateNumberOfMessages{kind}"]) for kind in ("", "NotVisible", "Delayed")
    )


def receive(url, **arguments):
    return sqs.receive_message(QueueUrl=url, **arguments).get("Messages", [])


def one(url, **arguments):
    messages = receive(url, WaitTimeSeconds=5, **arguments)
    equal(len(messages), 1)
    return messages[0]


def digest(text):
    return hashlib.md5(text.encode()).hexdigest()


def attributes_digest(given):
    """As the SQS Developer Guide describes it: length and bytes of name, type and value, in order of name."""
    with_length = lambda data: len(data).to_bytes(4, "big") + data
    parts = b""
    for name, value in sorted(given.items()):
        binary = "BinaryValue" in value
        data = value["BinaryValue"] if binary else value["StringValue"].encode()
        parts += with_length(name.encode()) + with_length(value["DataType"].encode())
        parts += bytes([2 if binary else 1]) + with_length(data)
    return hashlib.md5(parts).hexdigest()


def queues_are_created_found_and_deleted():
    name = f"made-{uuid.uuid4()}"
    url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "60"}, tags={"a": "b"})["QueueUrl"]
    equal(url, f"{endpoint}/000000000000/{name}")
    equal(sqs.create_queue(QueueName=name)["QueueUrl"], url)
    equal(sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "60"})["QueueUrl"], url)
    message = refused("QueueAlreadyExists", sqs.create_queue, QueueName=name, Attributes={"VisibilityTimeout": "61"})
    true("VisibilityTimeout" in message)
    equal(sqs.get_queue_url(QueueName=name)["QueueUrl"], url)
    equal(sqs.list_queue_tags(QueueUrl=url)["Tags"], {"a": "b"})
    true(url in sqs.list_queues(QueueNamePrefix="made-")["QueueUrls"])
    sqs.delete_queue(QueueUrl=url)
    refused("AWS.SimpleQueueService.NonExistentQueue", sqs.get_queue_url, QueueName=name)
    refused("AWS.SimpleQueueService.NonExistentQueue", sqs.send_message, QueueUrl=url, MessageBody="x")
    refused("AWS.SimpleQueueService.NonExistentQueue", sqs.delete_queue, QueueUrl=url)
    refused("InvalidParameterValue", sqs.create_queue, QueueName="a b")
    refused("InvalidParameterValue", sqs.create_queue, QueueName="a" * 81)
    refused("InvalidParameterValue", sqs.create_queue, QueueName="a.fifo")
    refused("InvalidAttributeName", sqs.create_queue, QueueName="new", Attributes={"Nonsense": "1"})
    refused("InvalidAttributeValue", sqs.create_queue, QueueName="new", Attributes={"VisibilityTimeout": "43201"})
    sqs.create_queue(QueueName=name)
    equal(receive(url), [])
    try:
        sqs.get_queue_url(QueueName="nothing-here")
    except sqs.exceptions.QueueDoesNotExist:
        true(True)


def queues_are_listed_page_by_page():
    prefix = f"page-{uuid.uuid4()}-"
    urls = [sqs.create_queue(QueueName=f"{prefix}{n}")["QueueUrl"] for n in range(5)]
    first = sqs.list_queues(QueueNamePrefix=prefix, MaxResults=3)
    equal(first["QueueUrls"], urls[:3])
    rest = sqs.list_queues(QueueNamePrefix=prefix, MaxResults=3, NextToken=first["NextToken"])
    equal(rest["QueueUrls"], urls[3:])
    true("NextToken" not in rest)
    equal(sqs.list_queues(QueueNamePrefix=f"{prefix}x").get("QueueUrls"), None)
    refused("InvalidParameterValue", sqs.list_queues, MaxResults=1001)
    pages = sqs.get_paginator("list_queues").paginate(QueueNamePrefix=prefix, PaginationConfig={"PageSize": 2})
    equal([url for page in pages for url in page["QueueUrls"]], urls)


def attributes_are_set_and_read():
    url = queue()
    found = attributes(url)
    for name, value in {
        "DelaySeconds": "0",
        "MaximumMessageSize": "1048576",
        "MessageRetentionPeriod": "345600",
        "ReceiveMessageWaitTimeSeconds": "0",
        "VisibilityTimeout": "30",
        "SqsManagedSseEnabled": "true",
        "QueueArn": "arn:aws:sqs:us-east-1:000000000000:" + url.rsplit("/", 1)[1],
    }.items():
        equal(found[name], value)
    true(abs(int(found["CreatedTimestamp"]) - time.time()) < 5)
    true("Policy" not in found and "RedrivePolicy" not in found)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "7", "Policy": '{"Version":"2012-10-17"}'})
    equal(attributes(url, "DelaySeconds", "Policy"), {"DelaySeconds": "7", "Policy": '{"Version":"2012-10-17"}'})
    equal(attributes(url, "KmsMasterKeyId"), {})
    equal(sqs.get_queue_attributes(QueueUrl=url).get("Attributes"), None)
    refused("InvalidAttributeName", sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["Nonsense"])
    refused("InvalidAttributeValue", sqs.set_queue_attributes, QueueUrl=url, Attributes={"DelaySeconds": "901"})
    refused("InvalidAttributeName", sqs.set_queue_attributes, QueueUrl=url, Attributes={"QueueArn": "x"})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": "alias/k"})
    equal(attributes(url)["SqsManagedSseEnabled"], "false")
    equal(attributes(url)["KmsDataKeyReusePeriodSeconds"], "300")


def tags_are_set_and_taken_off():
    url = queue()
    sqs.tag_queue(QueueUrl=url, Tags={"a": "1", "b": "2"})
    sqs.tag_queue(QueueUrl=url, Tags={"b": "3"})
    equal(sqs.list_queue_tags(QueueUrl=url)["Tags"], {"a": "1", "b": "3"})
    sqs.untag_queue(QueueUrl=url, TagKeys=["a", "none"])
    equal(sqs.list_queue_tags(QueueUrl=url)["Tags"], {"b": "3"})
    sqs.untag_queue(QueueUrl=url, TagKeys=["b"])
    equal(sqs.list_queue_tags(QueueUrl=url).get("Tags"), None)
    refused("InvalidParameterValue", sqs.tag_queue, QueueUrl=url, Tags={f"k{n}": "" for n in range(51)})


def a_message_is_sent_received_and_deleted():
    url = queue()
    body = 'a "body" with\nlines and ünïcode 💌'
    sent = sqs.send_message(QueueUrl=url, MessageBody=body)
    equal(sent["MD5OfMessageBody"], digest(body))
    true(len(sent["ResponseMetadata"]["RequestId"]) == 36)
    equal(counts(url), (1, 0, 0))
    message = one(url, MessageSystemAttributeNames=["All"])
    equal((message["MessageId"], message["Body"]), (sent["MessageId"], body))
    equal(message["MD5OfBody"], digest(body))
    equal(message["Attributes"]["ApproximateReceiveCount"], "1")
    true(abs(int(message["Attributes"]["SentTimestamp"]) / 1000 - time.time()) < 5)
    true("ApproximateFirstReceiveTimestamp" in message["Attributes"] and "SenderId" in message["Attributes"])
    equal(counts(url), (0, 1, 0))
    equal(receive(url), [])
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    equal(counts(url), (0, 0, 0))
    refused("ReceiptHandleIsInvalid", sqs.delete_message, QueueUrl=url, ReceiptHandle="garbage")
    refused("ReceiptHandleIsInvalid", sqs.delete_message, QueueUrl=queue(), ReceiptHandle=message["ReceiptHandle"])
    refused("InvalidMessageContents", sqs.send_message, QueueUrl=url, MessageBody="a\x01b")
    refused("MissingParameter", sqs.send_message, QueueUrl=url, MessageBody="")
    refused("InvalidParameterValue", sqs.send_message, QueueUrl=url, MessageBody="x", DelaySeconds=901)
    refused("InvalidParameterValue", sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=11)
    refused("InvalidParameterValue", sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=0)
    refused("InvalidParameterValue", sqs.receive_message, QueueUrl=url, WaitTimeSeconds=21)
    refused("InvalidParameterValue", sqs.receive_message, QueueUrl=url, VisibilityTimeout=43201)
    refused("AWS.SimpleQueueService.NonExistentQueue", sqs.send_message, QueueUrl="nonsense", MessageBody="x")
    refused("InvalidAddress", sqs.send_message, QueueUrl="http://nonsense", MessageBody="x")
    sqs.send_message(QueueUrl=url.rsplit("/", 1)[1], MessageBody="by its name alone")


def large_messages_are_taken_to_the_limit():
    url = queue()
    body = "é" * (1_048_576 // 2)
    equal(sqs.send_message(QueueUrl=url, MessageBody=body)["MD5OfMessageBody"], digest(body))
    equal(one(url)["Body"], body)
    refused("InvalidParameterValue", sqs.send_message, QueueUrl=url, MessageBody="a" * 1_048_577)
    small = queue(MaximumMessageSize="1024")
    sqs.send_message(QueueUrl=small, MessageBody="a" * 1024)
    true("1024" in refused("InvalidParameterValue", sqs.send_message, QueueUrl=small, MessageBody="a" * 1025))
    half = [{"Id": str(n), "MessageBody": "a" * 524_289} for n in range(2)]
    refused("AWS.SimpleQueueService.BatchRequestTooLong", sqs.send_message_batch, QueueUrl=url, Entries=half)
    whole = [{"Id": "a", "MessageBody": "a" * 1_048_577}]
    equal(refused("AWS.SimpleQueueService.BatchRequestTooLong", sqs.send_message_batch, QueueUrl=url, Entries=whole),
          "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.")


def message_attributes_come_back_as_asked():
    url = queue(VisibilityTimeout="0")
    given = {
        "bar.s": {"DataType": "String.custom", "StringValue": "é"},
        "bar.n": {"DataType": "Number", "StringValue": "-1.5"},
        "bin": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    }
    trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}}
    sent = sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes=given, MessageSystemAttributes=trace)
    equal(sent["MD5OfMessageAttributes"], attributes_digest(given))
    equal(sent["MD5OfMessageSystemAttributes"], attributes_digest(trace))
    message = one(url, MessageAttributeNames=["All"])
    equal(message["MessageAttributes"], given)
    equal(message["MD5OfMessageAttributes"], sent["MD5OfMessageAttributes"])
    some = one(url, MessageAttributeNames=["bar.*"])
    equal(set(some["MessageAttributes"]), {"bar.s", "bar.n"})
    equal(some["MD5OfMessageAttributes"], attributes_digest({name: given[name] for name in ("bar.s", "bar.n")}))
    equal(set(one(url, MessageAttributeNames=["bin", "none"])["MessageAttributes"]), {"bin"})
    true("MessageAttributes" not in one(url))
    found = one(url, AttributeNames=["AWSTraceHeader", "SentTimestamp"])["Attributes"]
    equal(set(found), {"AWSTraceHeader", "SentTimestamp"})
    bad = {"a": {"DataType": "Float", "StringValue": "1"}}
    refused("InvalidParameterValue", sqs.send_message, QueueUrl=url, MessageBody="x", MessageAttributes=bad)
    refused("InvalidAttributeName", sqs.receive_message, QueueUrl=url, AttributeNames=["Nonsense"])


def batches_answer_entry_by_entry():
    url = queue()
    entries = [{"Id": f"e{n}", "MessageBody": f"m{n}"} for n in range(9)]
    entries.append({"Id": "bad", "MessageBody": "x", "DelaySeconds": 901})
    result = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    equal([entry["Id"] for entry in result["Successful"]], [f"e{n}" for n in range(9)])
    equal([(entry["Id"], entry["Code"], entry["SenderFault"]) for entry in result["Failed"]],
          [("bad", "InvalidParameterValue", True)])
    messages = receive(url, MaxNumberOfMessages=10)
    equal(sorted(message["Body"] for message in messages), [f"m{n}" for n in range(9)])
    handles = [message["ReceiptHandle"] for message in messages]
    change = [{"Id": str(n), "ReceiptHandle": handle, "VisibilityTimeout": 60} for n, handle in enumerate(handles)]
    change.append({"Id": "bad", "ReceiptHandle": "garbage", "VisibilityTimeout": 60})
    result = sqs.change_message_visibility_batch(QueueUrl=url, Entries=change)
    equal((len(result["Successful"]), result["Failed"][0]["Code"]), (9, "ReceiptHandleIsInvalid"))
    gone = [{"Id": str(n), "ReceiptHandle": handle} for n, handle in enumerate(handles)]
    result = sqs.delete_message_batch(QueueUrl=url, Entries=gone + [{"Id": "bad", "ReceiptHandle": "garbage"}])
    equal((len(result["Successful"]), result["Failed"][0]["Id"]), (9, "bad"))
    equal(counts(url), (0, 0, 0))
    prefix = "AWS.SimpleQueueService."
    for call, kind in ((sqs.send_message_batch, {"MessageBody": "x"}), (sqs.delete_message_batch, {"ReceiptHandle": "x"})):
        refused(prefix + "EmptyBatchRequest", call, QueueUrl=url, Entries=[])
        many = [{"Id": str(n), **kind} for n in range(11)]
        refused(prefix + "TooManyEntriesInBatchRequest", call, QueueUrl=url, Entries=many)
        refused(prefix + "BatchEntryIdsNotDistinct", call, QueueUrl=url, Entries=[many[0], many[0]])
        refused(prefix + "InvalidBatchEntryId", call, QueueUrl=url, Entries=[{"Id": "a b", **kind}])


def visibility_ends_and_is_changed():
    url = queue(VisibilityTimeout="1")
    sqs.send_message(QueueUrl=url, MessageBody="x")
    first = one(url)
    started = time.monotonic()
    second = one(url, AttributeNames=["ApproximateReceiveCount"])
    true(0.7 < time.monotonic() - started < 1.6, "a waiting receive is woken when the timeout ends")
    equal(second["Attributes"]["ApproximateReceiveCount"], "2")
    true(first["ReceiptHandle"] != second["ReceiptHandle"])
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=second["ReceiptHandle"], VisibilityTimeout=0)
    third = one(url, VisibilityTimeout=100)
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=third["ReceiptHandle"], VisibilityTimeout=43200 - 1)
    refused("InvalidParameterValue", sqs.change_message_visibility,
            QueueUrl=url, ReceiptHandle=third["ReceiptHandle"], VisibilityTimeout=43201)
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=third["ReceiptHandle"], VisibilityTimeout=0)
    refused("AWS.SimpleQueueService.MessageNotInflight", sqs.change_message_visibility,
            QueueUrl=url, ReceiptHandle=third["ReceiptHandle"], VisibilityTimeout=10)
    # The handle of an earlier receive deletes, too.
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    equal(counts(url), (0, 0, 0))
    refused("InvalidParameterValue", sqs.change_message_visibility,
            QueueUrl=url, ReceiptHandle=third["ReceiptHandle"], VisibilityTimeout=10)


def delays_are_kept():
    url = queue(DelaySeconds="1")
    sqs.send_message(QueueUrl=url, MessageBody="the queue's")
    sqs.send_message(QueueUrl=url, MessageBody="none", DelaySeconds=0)
    equal(counts(url), (1, 0, 1))
    equal([message["Body"] for message in receive(url, MaxNumberOfMessages=10)], ["none"])
    started = time.monotonic()
    equal(one(url)["Body"], "the queue's")
    true(0.5 < time.monotonic() - started < 1.6)


def a_waiting_receive_is_woken_by_a_send():
    url = queue(ReceiveMessageWaitTimeSeconds="20")
    took = []

    def wait():
        messages = receive(url)
        took.append((time.monotonic(), len(messages)))

    waiting = [threading.Thread(target=wait) for _ in range(3)]
    for thread in waiting:
        thread.start()
    time.sleep(0.3)
    equal(took, [])
    sent = time.monotonic()
    sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": "x"} for n in range(3)])
    for thread in waiting:
        thread.join(10)
    true(all(count == 1 and at - sent < 1 for at, count in took), took)
    started = time.monotonic()
    equal(receive(url, WaitTimeSeconds=1), [])
    true(0.9 < time.monotonic() - started < 2)
    doomed = queue()
    failed = []

    def wait_for_nothing():
        failed.append(refused("AWS.SimpleQueueService.NonExistentQueue", sqs.receive_message,
                              QueueUrl=doomed, WaitTimeSeconds=20))

    thread = threading.Thread(target=wait_for_nothing)
    thread.start()
    time.sleep(0.2)
    sqs.delete_queue(QueueUrl=doomed)
    thread.join(5)
    equal(len(failed), 1)


def hopeless_messages_go_to_the_dead_letter_queue():
    dead = queue()
    policy = json.dumps({"deadLetterTargetArn": arn(dead), "maxReceiveCount": 2})
    url = queue(RedrivePolicy=policy, VisibilityTimeout="0")
    equal(sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"], [url])
    sent = sqs.send_message(QueueUrl=url, MessageBody="x")
    times = {one(url, AttributeNames=["SentTimestamp"])["Attributes"]["SentTimestamp"] for _ in range(2)}
    equal(receive(url), [])
    equal((counts(url), counts(dead)), ((0, 0, 0), (1, 0, 0)))
    message = one(dead, AttributeNames=["All"])
    equal(message["MessageId"], sent["MessageId"])
    equal(message["Attributes"]["DeadLetterQueueSourceArn"], arn(url))
    equal({message["Attributes"]["SentTimestamp"]}, times)
    equal(message["Attributes"]["ApproximateReceiveCount"], "3")
    nowhere = json.dumps({"deadLetterTargetArn": arn(dead) + "-none", "maxReceiveCount": 2})
    refused("InvalidParameterValue", sqs.set_queue_attributes, QueueUrl=url, Attributes={"RedrivePolicy": nowhere})
    refused("InvalidParameterValue", sqs.set_queue_attributes, QueueUrl=url, Attributes={"RedrivePolicy": "{"})
    sqs.set_queue_attributes(QueueUrl=dead, Attributes={"RedriveAllowPolicy": json.dumps({"redrivePermission": "denyAll"})})
    other = queue()
    refused("InvalidParameterValue", sqs.set_queue_attributes, QueueUrl=other, Attributes={"RedrivePolicy": policy})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": ""})
    true("RedrivePolicy" not in attributes(url))


def dead_letters_are_moved_back():
    dead = queue()
    url = queue(RedrivePolicy=json.dumps({"deadLetterTargetArn": arn(dead), "maxReceiveCount": "1"}), VisibilityTimeout="0")
    for n in range(25):
        sqs.send_message(QueueUrl=url, MessageBody=str(n))
    for _ in range(6):
        receive(url, MaxNumberOfMessages=10)
    within(5, lambda: (receive(url, MaxNumberOfMessages=10), counts(dead))[1] == (25, 0, 0), "25 dead letters")
    refused("InvalidParameterValue", sqs.start_message_move_task, SourceArn=arn(url))
    refused("ResourceNotFoundException", sqs.start_message_move_task, SourceArn=arn(url) + "-none")
    handle = sqs.start_message_move_task(SourceArn=arn(dead))["TaskHandle"]
    done = lambda: sqs.list_message_move_tasks(SourceArn=arn(dead))["Results"][0]
    within(5, lambda: done()["Status"] == "COMPLETED", "the move")
    equal((done()["ApproximateNumberOfMessagesMoved"], counts(url), counts(dead)), (25, (25, 0, 0), (0, 0, 0)))
    refused("AWS.SimpleQueueService.UnsupportedOperation", sqs.cancel_message_move_task, TaskHandle=handle)
    refused("InvalidParameterValue", sqs.cancel_message_move_task, TaskHandle="none")
    refused("InvalidParameterValue", sqs.list_message_move_tasks, SourceArn="none")
    message = one(url, AttributeNames=["All"])
    equal(message["Attributes"]["ApproximateReceiveCount"], "1")
    true("DeadLetterQueueSourceArn" not in message["Attributes"])


def a_slow_move_is_cancelled():
    dead, target = queue(), queue()
    queue(RedrivePolicy=json.dumps({"deadLetterTargetArn": arn(dead), "maxReceiveCount": 1}))
    sqs.send_message_batch(QueueUrl=dead, Entries=[{"Id": str(n), "MessageBody": "x"} for n in range(10)])
    start = dict(SourceArn=arn(dead), DestinationArn=arn(target), MaxNumberOfMessagesPerSecond=2)
    handle = sqs.start_message_move_task(**start)["TaskHandle"]
    refused("InvalidParameterValue", sqs.start_message_move_task, **start)
    within(5, lambda: counts(target)[0] > 0, "the first message")
    equal(sqs.list_message_move_tasks(SourceArn=arn(dead))["Results"][0]["TaskHandle"], handle)
    moved = sqs.cancel_message_move_task(TaskHandle=handle)["ApproximateNumberOfMessagesMoved"]
    true(0 < moved < 10)
    equal(counts(target)[0] + counts(dead)[0], 10)
    task = sqs.list_message_move_tasks(SourceArn=arn(dead))["Results"][0]
    equal((task["Status"], "TaskHandle" in task), ("CANCELLED", False))


def a_purge_empties():
    url = queue()
    for _ in range(3):
        sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": "old"} for n in range(10)])
    held = one(url)
    sqs.purge_queue(QueueUrl=url)
    equal(counts(url), (0, 0, 0))
    equal(receive(url, MaxNumberOfMessages=10), [])
    sqs.send_message(QueueUrl=url, MessageBody="new")
    equal(one(url)["Body"], "new")
    sqs.delete_message(QueueUrl=url, ReceiptHandle=held["ReceiptHandle"])
    equal(counts(url), (0, 1, 0))


def permissions_are_statements():
    url = queue()
    sqs.add_permission(QueueUrl=url, Label="L", AWSAccountIds=["111111111111"], Actions=["SendMessage"])
    statement = json.loads(attributes(url)["Policy"])["Statement"][0]
    equal((statement["Sid"], statement["Action"], statement["Resource"]), ("L", "SQS:SendMessage", arn(url)))
    again = dict(QueueUrl=url, Label="L", AWSAccountIds=["111111111111"])
    refused("InvalidParameterValue", sqs.add_permission, **again, Actions=["SendMessage"])
    refused("OverLimit", sqs.add_permission, **again, Actions=["SendMessage"] * 8)
    refused("InvalidParameterValue", sqs.add_permission, **{**again, "Label": "M"}, Actions=["DeleteQueue"])
    refused("InvalidParameterValue", sqs.remove_permission, QueueUrl=url, Label="none")
    sqs.remove_permission(QueueUrl=url, Label="L")
    true("Policy" not in attributes(url))


def the_caller_has_an_identity():
    identity = sts.get_caller_identity()
    equal((identity["Account"], identity["Arn"]), ("000000000000", "arn:aws:iam::000000000000:root"))


def regions_are_apart():
    west, east = client(region="us-west-2"), client()
    name = f"q-{uuid.uuid4()}"
    here = east.create_queue(QueueName=name, Attributes={"DelaySeconds": "0"})["QueueUrl"]
    # From elsewhere it is found until there is one of that name there.
    equal(west.get_queue_url(QueueName=name)["QueueUrl"], here)
    equal(west.list_queues(QueueNamePrefix=name).get("QueueUrls", []), [])
    equal(west.create_queue(QueueName=name, Attributes={"DelaySeconds": "1"})["QueueUrl"], here)
    arns = [one.get_queue_attributes(QueueUrl=here, AttributeNames=["All"])["Attributes"] for one in (east, west)]
    equal([(found["QueueArn"].split(":")[3], found["DelaySeconds"]) for found in arns], [("us-east-1", "0"), ("us-west-2", "1")])
    west.send_message(QueueUrl=here, MessageBody="west", DelaySeconds=0)
    equal("Messages" in east.receive_message(QueueUrl=here), False)
    equal(west.receive_message(QueueUrl=here)["Messages"][0]["Body"], "west")
    equal(len(west.list_queues(QueueNamePrefix=name)["QueueUrls"]), 1)
    dead = west.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
    target = west.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = {"deadLetterTargetArn": target, "maxReceiveCount": "1"}
    west.set_queue_attributes(QueueUrl=here, Attributes={"RedrivePolicy": json.dumps(policy)})
    found = west.get_queue_attributes(QueueUrl=here, AttributeNames=["RedrivePolicy"])["Attributes"]["RedrivePolicy"]
    equal(json.loads(found), {**policy, "maxReceiveCount": 1})
    equal(west.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"], [here])
    west.delete_queue(QueueUrl=here)
    equal(east.get_queue_attributes(QueueUrl=here, AttributeNames=["DelaySeconds"])["Attributes"], {"DelaySeconds": "0"})


def resources_work_too():
    made = resource("sqs").create_queue(QueueName=f"r-{uuid.uuid4()}")
    made.send_message(MessageBody="x")
    for message in made.receive_messages(WaitTimeSeconds=2):
        message.delete()
    equal(made.attributes["ApproximateNumberOfMessages"], "0")


for step in (
    queues_are_created_found_and_deleted,
    queues_are_listed_page_by_page,
    attributes_are_set_and_read,
    tags_are_set_and_taken_off,
    a_message_is_sent_received_and_deleted,
    large_messages_are_taken_to_the_limit,
    message_attributes_come_back_as_asked,
    batches_answer_entry_by_entry,
    visibility_ends_and_is_changed,
    delays_are_kept,
    a_waiting_receive_is_woken_by_a_send,
    hopeless_messages_go_to_the_dead_letter_queue,
    dead_letters_are_moved_back,
    a_slow_move_is_cancelled,
    a_purge_empties,
    permissions_are_statements,
    the_caller_has_an_identity,
    regions_are_apart,
    resources_work_too,
):
    try:
        step()
    except BaseException:
        print(f"failed: {step.__name__}", flush=True)
        raise
done()
