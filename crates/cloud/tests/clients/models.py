"""Every bound of every request in AWS's published models, broken one by one. Usage: models.py ENDPOINT.

What is expected is computed from the models that botocore ships; a request that breaks one bound has to be refused with
the sentence AWS has for it. Ends with `ok N checks`.
"""

import base64
import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid
import xml.etree.ElementTree as xml

from botocore.loaders import Loader

SERVICES = {"ssm": "AmazonSSM", "secretsmanager": "secretsmanager", "kms": "TrentService", "sts": None}

# What the service judges itself, with an exception of its own.
OWN = {
    ("LabelParameterVersion", "labels", "max"): "ParameterVersionLabelLimitExceeded",
    ("AddTagsToResource", "resourceType", "enum"): "InvalidResourceType",
    ("RemoveTagsFromResource", "resourceType", "enum"): "InvalidResourceType",
    ("ListTagsForResource", "resourceType", "enum"): "InvalidResourceType",
}

# Members of features that are not here: a request that has them is answered as if it had not.
NOT_HERE = {"Recipient", "DryRunModifiers", "ProvidedContexts"}

# A text for each pattern, and one that breaks it.
TEXTS = {
    r"^([a-z]+-)+\d+$": ("us-east-1", "US"),
    r"^\!?[a-zA-Z0-9 :_@\/\+\=\.\-\!]*$": ("a", "#"),
    "[0-9]+h": ("3h", "3d"),
    "^[a-zA-Z0-9\\-]+$": ("a" * 36, "_" * 36),
    "tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType": ("Name", "Nobody"),
    r"[\d]*": ("123456", "12345x"),
    r"[\u0020-\u00FF]*": ("YQ", "\u0100"),
    r"[\u0009\u000A\u000D\u0020-\u00FF]+": ("{}", "\u0100"),
}
checks = 0


def small(name):
    return name[0].lower() + name[1:]


class Model:
    def __init__(self, service):
        self.service = service
        self.model = Loader().load_service_model(service, "service-2")
        self.shapes = self.model["shapes"]

    def sample(self, name):
        """A value that keeps every bound of a shape."""
        shape = self.shapes[name]
        kind = shape["type"]
        if kind == "structure":
            return {member: self.sample(shape["members"][member]["shape"]) for member in shape.get("required", [])}
        if kind == "list":
            return [self.sample(shape["member"]["shape"])] * max(shape.get("min", 0), 1)
        if kind == "map":
            return {}
        if kind == "blob":
            return base64.b64encode(b"x" * max(shape.get("min", 1), 1)).decode()
        if kind in ("integer", "long"):
            return max(shape.get("min", 1), 1)
        if kind == "boolean":
            return False
        if "enum" in shape:
            return shape["enum"][0]
        text = TEXTS.get(shape.get("pattern"), ("a", ""))[0]
        return text if len(text) >= shape.get("min", 0) else text + "a" * (shape["min"] - len(text))

    def broken(self, name, place):
        """Values that break one bound of a shape each: the value, the kind of bound, what is said."""
        shape = self.shapes[name]
        kind = shape["type"]
        least, most = shape.get("min", 0), shape.get("max")
        size = "value" if kind in ("integer", "long") else "length"
        if kind in ("integer", "long"):
            make = lambda size: size
        elif kind == "blob":
            make = lambda size: base64.b64encode(b"x" * size).decode()
        elif kind == "list":
            one = self.sample(shape["member"]["shape"])
            make = lambda size: [one] * size
        else:
            one = TEXTS.get(shape.get("pattern"), ("a", ""))[0][:1]
            make = lambda size: one * size
        if kind in ("string", "blob", "list", "integer", "long") and "enum" not in shape:
            # A sentence about a very long value would repeat it.
            if most is not None and most < 200_000:
                yield make(most + 1), "max", f"'{place}' failed to satisfy constraint: Member must have {size} less than or equal to {most}"
            if least > 0:
                yield make(least - 1), "min", f"'{place}' failed to satisfy constraint: Member must have {size} greater than or equal to {least}"
        if shape.get("pattern") and TEXTS.get(shape["pattern"], ("", "\x07"))[1] is not None:
            wrong = TEXTS.get(shape["pattern"], ("", "\x07"))[1] or "\x07"
            wrong = wrong + wrong[-1] * (least - len(wrong))
            yield wrong, "pattern", f"'{place}' failed to satisfy constraint: Member must satisfy regular expression pattern: {shape['pattern']}"
        if "enum" in shape:
            yield "nonsense", "enum", f"Value 'nonsense' at '{place}' failed to satisfy constraint: Member must satisfy enum value set: ["
        if kind == "list":
            entry = self.shapes[shape["member"]["shape"]]
            if entry["type"] == "structure":
                for value, bound, said in self.of_structure(shape["member"]["shape"], f"{place}.1.member"):
                    yield [value], bound, said
            elif "enum" in entry:
                yield ["nonsense"], "entry", f"'{place}' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: ["
            elif entry.get("max", 10**6) < 200_000:
                yield ["a" * (entry["max"] + 1)], "entry", (
                    f"'{place}' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to {entry['max']}")
        if kind == "structure":
            yield from self.of_structure(name, place)

    def of_structure(self, name, place=""):
        shape = self.shapes[name]
        dot = f"{place}." if place else ""
        for member in shape.get("required", []):
            value = self.sample(name)
            del value[member]
            yield value, "required", f"Value null at '{dot}{small(member)}' failed to satisfy constraint: Member must not be null"
        for member, of in shape["members"].items():
            if member in NOT_HERE:
                continue
            for broken, bound, said in self.broken(of["shape"], f"{dot}{small(member)}"):
                yield {**self.sample(name), member: broken}, bound, said


def call(service, operation, body):
    """The status, the code and the message of an answer."""
    if SERVICES[service] is None:
        form = {"Action": operation, "Version": "2011-06-15", **dict(flat(body))}
        headers, data = {"Authorization": "AWS4-HMAC-SHA256 Credential=a/b/us-east-1/sts/aws4_request"}, urllib.parse.urlencode(form).encode()
    else:
        headers, data = {"X-Amz-Target": f"{SERVICES[service]}.{operation}", "Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(sys.argv[1], data, headers)) as answer:
            return answer.status, "", answer.read().decode()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read().decode()
    if SERVICES[service] is None:
        of = lambda name: xml.fromstring(text).findtext(f".//{{*}}{name}")
        return status, of("Code"), of("Message")
    answer = json.loads(text)
    return status, answer["__type"], answer.get("message", answer.get("Message"))


def flat(value, prefix=""):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from flat(inner, f"{prefix}.{name}" if prefix else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from flat(inner, f"{prefix}.member.{number}")
    else:
        yield prefix, str(value)


for service in SERVICES:
    model = Model(service)
    refusal = "ValidationError" if service == "sts" else "ValidationException"
    for operation, of in model.model["operations"].items():
        input = of.get("input", {}).get("shape")
        if input is None or call(service, operation, {})[1] in ("UnknownOperationException", "InvalidAction"):
            continue
        for body, bound, said in model.of_structure(input):
            # A list that is empty is not in a form at all.
            if service == "sts" and any(value == [] for value in body.values()):
                continue
            status, code, message = call(service, operation, body)
            member = re.search(r"at '([^']+)'|'([^']+)' failed", said)
            own = OWN.get((operation, (member.group(1) or member.group(2)), bound))
            checks += 1
            if own:
                assert code == own, f"{service} {operation} {said}: {code} {message}"
                continue
            assert (status, code) == (400, refusal), f"{service} {operation} {said}: {status} {code} {message[:300]}"
            plain = message.replace("[SecureString, StringList, String]", "[String, StringList, SecureString]")
            assert said in plain, f"{service} {operation}: {message[:300]!r} does not say {said!r}"
print(f"ok {checks} checks")
