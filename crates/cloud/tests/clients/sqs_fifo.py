"""FIFO queues as boto3 sees them. Usage: sqs_fifo.py ENDPOINT. Ends with `ok N checks`."""

import json
import threading
import time
import uuid

from kit import done, equal
from sqs_kit import client, refused

sqs = client()


def queue(**attributes):
    name = f"q-{uuid.uuid4()}.fifo"
    return sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true", **attributes})["QueueUrl"]


def by_content(**attributes):
    return queue(ContentBasedDeduplication="true", **attributes)


def attributes(url):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def counts(url):
    found = attributes(url)
    return tuple(int(found[f"ApproximateNumberOfMessages{kind}"]) for kind in ("", "NotVisible", "Delayed"))


def send(url, group, *bodies):
    return [sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group) for body in bodies]


def receive(url, most=10, **arguments):
    return sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=most, **arguments).get("Messages", [])


def bodies(url, most=10, **arguments):
    return [message["Body"] for message in receive(url, most, **arguments)]


def delete(url, message):
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def hide(url, message, seconds):
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=seconds)


def names_and_attributes():
    refused("InvalidParameterValue", sqs.create_queue, QueueName="plain", Attributes={"FifoQueue": "true"})
    refused("InvalidParameterValue", sqs.create_queue, QueueName="a.fifo")
    refused("InvalidAttributeName", sqs.create_queue, QueueName="plain", Attributes={"FifoQueue": "false"})
    message = refused("InvalidAttributeName", sqs.create_queue, QueueName="plain", Attributes={"DeduplicationScope": "queue"})
    equal(message, "You can specify the DeduplicationScope only when FifoQueue is set to true.")
    url = queue(ContentBasedDeduplication="True")
    found = attributes(url)
    for name, value in {"FifoQueue": "true", "ContentBasedDeduplication": "true", "DeduplicationScope": "queue",
                        "FifoThroughputLimit": "perQueue"}.items():
        equal(found[name], value)
    name = url.rsplit("/", 1)[1]
    same = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    equal(sqs.create_queue(QueueName=name, Attributes=same)["QueueUrl"], url)
    message = refused("QueueAlreadyExists", sqs.create_queue, QueueName=name, Attributes={**same, "ContentBasedDeduplication": "false"})
    equal(message, "A queue already exists with the same name and a different value for attribute ContentBasedDeduplication")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "false"})
    equal(attributes(url)["ContentBasedDeduplication"], "false")
    message = refused("InvalidAttributeValue", sqs.set_queue_attributes, QueueUrl=url, Attributes={"FifoQueue": "false"})
    equal(message, "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.")
    refused("InvalidAttributeValue", sqs.set_queue_attributes, QueueUrl=url, Attributes={"FifoThroughputLimit": "perMessageGroupId"})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"FifoThroughputLimit": "perMessageGroupId", "DeduplicationScope": "messageGroup"})
    equal(attributes(url)["DeduplicationScope"], "messageGroup")


def what_a_sender_has_to_say():
    url = queue()
    say = dict(QueueUrl=url, MessageBody="x")
    equal(refused("MissingParameter", sqs.send_message, **say, MessageDeduplicationId="d"),
          "The request must contain the parameter MessageGroupId.")
    explicit = "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
    equal(refused("InvalidParameterValue", sqs.send_message, **say, MessageGroupId="g"), explicit)
    refused("InvalidParameterValue", sqs.send_message, **say, MessageGroupId="a b", MessageDeduplicationId="d")
    equal(refused("InvalidParameterValue", sqs.send_message, **say, MessageGroupId="g", MessageDeduplicationId="d", DelaySeconds=2),
          "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.")
    entry = {"Id": "a", "MessageBody": "x"}
    equal(refused("InvalidParameterValue", sqs.send_message_batch, QueueUrl=url, Entries=[{**entry, "MessageGroupId": "g"}]), explicit)
    equal(refused("InvalidParameterValue", sqs.send_message_batch, QueueUrl=url, Entries=[{**entry, "MessageDeduplicationId": "d"}]),
          "The request must contain the parameter MessageGroupId.")
    standard = sqs.create_queue(QueueName=f"q-{uuid.uuid4()}")["QueueUrl"]
    refused("InvalidParameterValue", sqs.send_message, QueueUrl=standard, MessageBody="x", MessageDeduplicationId="d")
    refused("InvalidParameterValue", sqs.receive_message, QueueUrl=standard, ReceiveRequestAttemptId="a")
    sent = sqs.send_message(QueueUrl=standard, MessageBody="x", MessageGroupId="tenant")
    equal("SequenceNumber" in sent, False)
    equal(receive(standard, AttributeNames=["MessageGroupId"])[0]["Attributes"], {"MessageGroupId": "tenant"})


def duplicates_are_kept_once():
    url = queue()
    first = sqs.send_message(QueueUrl=url, MessageBody="one", MessageGroupId="g", MessageDeduplicationId="d")
    again = sqs.send_message(QueueUrl=url, MessageBody="two", MessageGroupId="h", MessageDeduplicationId="d")
    equal((again["MessageId"], again["SequenceNumber"]), (first["MessageId"], first["SequenceNumber"]))
    equal(len(first["SequenceNumber"]), 20)
    message = receive(url, AttributeNames=["All"])[0]
    for name, value in {"SequenceNumber": first["SequenceNumber"], "MessageGroupId": "g", "MessageDeduplicationId": "d"}.items():
        equal(message["Attributes"][name], value)
    delete(url, message)
    third = sqs.send_message(QueueUrl=url, MessageBody="three", MessageGroupId="g", MessageDeduplicationId="d")
    equal((third["MessageId"], counts(url)), (first["MessageId"], (0, 0, 0)))
    sqs.purge_queue(QueueUrl=url)
    sqs.send_message(QueueUrl=url, MessageBody="after the purge", MessageGroupId="g", MessageDeduplicationId="d")
    equal(bodies(url), ["after the purge"])
    url = by_content()
    equal(len({sent["MessageId"] for sent in send(url, "g", "same", "same", "other")}), 2)
    equal(bodies(url), ["same", "other"])
    entries = [{"Id": str(n), "MessageBody": "in a batch", "MessageGroupId": "b"} for n in range(3)]
    result = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    equal(len({entry["SequenceNumber"] for entry in result["Successful"]}), 1)
    url = queue(DeduplicationScope="messageGroup", ContentBasedDeduplication="true")
    for group in ("g", "h", "g"):
        send(url, group, "same")
    equal(bodies(url), ["same", "same"])


def sequence_numbers_increase():
    url = by_content()
    numbers = [int(sent["SequenceNumber"]) for sent in send(url, "g", *map(str, range(20)))]
    equal(numbers, sorted(set(numbers)))


def a_group_comes_in_order_and_together():
    url = by_content()
    for group, body in (("1", "a"), ("2", "x"), ("1", "b"), ("1", "c")):
        send(url, group, body)
    equal(bodies(url), ["a", "b", "c", "x"])
    url = by_content()
    for group, body in (("1", "a"), ("2", "x"), ("2", "y"), ("3", "p"), ("1", "b")):
        send(url, group, body)
    equal(bodies(url, 3, VisibilityTimeout=0), ["a", "b", "x"])
    equal(bodies(url, 10, VisibilityTimeout=0), ["p", "a", "b", "x", "y"])


def what_is_in_flight_holds_its_group():
    url = by_content()
    send(url, "1", "a", "b", "c")
    send(url, "2", "x")
    first = receive(url, 1)[0]
    equal((first["Body"], counts(url)), ("a", (3, 1, 0)))
    equal(bodies(url), ["x"])
    send(url, "1", "d")
    equal(bodies(url), [])
    delete(url, first)
    equal(bodies(url, 2), ["b", "c"])
    equal(bodies(url), [])
    url = by_content()
    send(url, "1", "a", "b")
    send(url, "2", "x")
    held = receive(url, 2)
    hide(url, held[0], 0)
    equal(bodies(url, 3), ["x", "a"])
    delete(url, held[1])
    equal(bodies(url), [])
    url = by_content()
    send(url, "1", "a", "b", "c")
    held = receive(url)
    for place in (0, 2):
        hide(url, held[place], 0)
    equal(bodies(url), ["a"])


def a_deletion_wakes_who_waits_for_the_group():
    url = by_content()
    send(url, "1", "a", "b")
    held = receive(url, 1)[0]
    got = []
    waiting = threading.Thread(target=lambda: got.append((bodies(url, WaitTimeSeconds=20), time.monotonic())))
    waiting.start()
    time.sleep(0.3)
    equal(got, [])
    delete(url, held)
    deleted = time.monotonic()
    waiting.join(10)
    equal(got[0][0], ["b"])
    equal(got[0][1] - deleted < 1, True)


def order_is_kept_after_a_timeout():
    url = by_content(VisibilityTimeout="1")
    send(url, "1", "a", "b", "c")
    first = receive(url)
    equal([message["Body"] for message in first], ["a", "b", "c"])
    hide(url, first[1], 30)
    equal(bodies(url, WaitTimeSeconds=5), ["a"])
    message = refused("InvalidParameterValue", sqs.delete_message, QueueUrl=url, ReceiptHandle=first[0]["ReceiptHandle"])
    equal(message, f"Value {first[0]['ReceiptHandle']} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.")
    entries = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(first[:2])]
    result = sqs.delete_message_batch(QueueUrl=url, Entries=entries)
    equal(([entry["Id"] for entry in result["Successful"]], result["Failed"][0]["Code"]), (["1"], "InvalidParameterValue"))
    refused("InvalidParameterValue", sqs.change_message_visibility, QueueUrl=url, ReceiptHandle=first[0]["ReceiptHandle"], VisibilityTimeout=9)


def a_delay_is_the_queues():
    url = by_content(DelaySeconds="900")
    send(url, "1", "a", "b")
    sqs.send_message(QueueUrl=url, MessageBody="c", MessageGroupId="1", DelaySeconds=0)
    equal((bodies(url), counts(url)), ([], (0, 0, 3)))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "0"})
    equal((counts(url), bodies(url)), ((3, 0, 0), ["a", "b", "c"]))


def an_attempt_may_be_repeated():
    url = by_content()
    send(url, "1", "a", "b")
    send(url, "2", "x")
    attempt = dict(ReceiveRequestAttemptId="attempt-1", AttributeNames=["ApproximateReceiveCount"])
    first = receive(url, 2, **attempt)
    again = receive(url, 2, **attempt)
    equal([message["Body"] for message in first], ["a", "b"])
    equal(again, first)
    equal(bodies(url, ReceiveRequestAttemptId="attempt-2"), ["x"])
    delete(url, first[0])
    equal(bodies(url, **attempt), [])
    refused("InvalidParameterValue", sqs.receive_message, QueueUrl=url, ReceiveRequestAttemptId="a b")


def dead_letters_keep_order():
    dead, standard = by_content(), sqs.create_queue(QueueName=f"q-{uuid.uuid4()}")["QueueUrl"]
    arn = attributes(dead)["QueueArn"]
    policy = lambda arn: json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
    refused("InvalidParameterValue", by_content, RedrivePolicy=policy(attributes(standard)["QueueArn"]))
    refused("InvalidParameterValue", sqs.set_queue_attributes, QueueUrl=standard, Attributes={"RedrivePolicy": policy(arn)})
    url = by_content(RedrivePolicy=policy(arn), VisibilityTimeout="0")
    send(url, "1", "a", "b", "c")
    send(url, "2", "x", "y")
    equal(bodies(url), ["a", "b", "c", "x", "y"])
    equal(bodies(url), [])
    found = receive(dead, AttributeNames=["All"], VisibilityTimeout=0)
    equal([message["Body"] for message in found], ["a", "b", "c", "x", "y"])
    equal(found[0]["Attributes"]["DeadLetterQueueSourceArn"], attributes(url)["QueueArn"])
    equal(found[0]["Attributes"]["MessageGroupId"], "1")
    send(url, "1", "d")
    equal(bodies(url), ["d"])
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": "", "VisibilityTimeout": "30"})
    sqs.purge_queue(QueueUrl=url)
    other = by_content(RedrivePolicy=policy(arn))
    refused("InvalidParameterValue", sqs.start_message_move_task, SourceArn=arn, DestinationArn=attributes(standard)["QueueArn"])
    sqs.start_message_move_task(SourceArn=arn, DestinationArn=attributes(other)["QueueArn"])
    end = time.monotonic() + 5
    while counts(other)[0] < 5:
        assert time.monotonic() < end, counts(other)
        time.sleep(0.02)
    equal(bodies(other), ["a", "b", "c", "x", "y"])


def many_workers_keep_each_groups_order():
    url = by_content(VisibilityTimeout="30")
    groups = [str(n) for n in range(6)]
    for start in range(0, 20, 10):
        for group in groups:
            sqs.send_message_batch(QueueUrl=url, Entries=[
                {"Id": str(n), "MessageBody": f"{group}-{start + n}", "MessageGroupId": group} for n in range(10)
            ])
    got, lock = {group: [] for group in groups}, threading.Lock()

    def work():
        while messages := receive(url, 4, WaitTimeSeconds=1):
            for message in messages:
                group, number = message["Body"].split("-")
                with lock:
                    got[group].append(int(number))
                delete(url, message)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    for group in groups:
        equal(got[group], list(range(20)))
    equal(counts(url), (0, 0, 0))


for step in (
    names_and_attributes,
    what_a_sender_has_to_say,
    duplicates_are_kept_once,
    sequence_numbers_increase,
    a_group_comes_in_order_and_together,
    what_is_in_flight_holds_its_group,
    a_deletion_wakes_who_waits_for_the_group,
    order_is_kept_after_a_timeout,
    a_delay_is_the_queues,
    an_attempt_may_be_repeated,
    dead_letters_keep_order,
    many_workers_keep_each_groups_order,
):
    try:
        step()
    except BaseException:
        print(f"failed: {step.__name__}", flush=True)
        raise
done()
