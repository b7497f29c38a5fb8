"""The parameter store as boto3 uses it. Usage: ssm.py ENDPOINT. Ends with `ok N checks`."""

import base64
import datetime

from botocore.exceptions import ClientError

import kit
from kit import client, done, equal

ssm = client("ssm", parameter_validation=False)


def refused(code, call, words=""):
    """The call fails with this code, as the exception of that name, and the message has these words."""
    error = kit.refused(code, call)
    equal(isinstance(error, getattr(ssm.exceptions, code, ClientError)), True, code)
    message = error.response["Error"]["Message"]
    equal(words in message, True, message)


def put(name, value="v", kind="String", **more):
    return ssm.put_parameter(Name=name, Value=value, Type=kind, **more)


def putting():
    answer = put("/app/url", "http://x", Description="where", Tags=[{"Key": "team", "Value": "core"}])
    equal((answer["Version"], answer["Tier"]), (1, "Standard"))
    refused("ParameterAlreadyExists", lambda: put("/app/url"))
    equal(ssm.put_parameter(Name="/app/url", Value="http://y", Overwrite=True)["Version"], 2)
    found = ssm.get_parameter(Name="/app/url")["Parameter"]
    for name, value in {"Name": "/app/url", "Type": "String", "Value": "http://y", "Version": 2, "DataType": "text",
                        "ARN": "arn:aws:ssm:us-east-1:000000000000:parameter/app/url"}.items():
        equal(found[name], value)
    age = datetime.datetime.now(datetime.timezone.utc) - found["LastModifiedDate"]
    equal(abs(age.total_seconds()) < 60, True)
    put("plain", "a,b", "StringList")
    equal(ssm.get_parameter(Name="plain")["Parameter"]["ARN"], "arn:aws:ssm:us-east-1:000000000000:parameter/plain")
    refused("ValidationException", lambda: ssm.put_parameter(Name="/new", Value="v"), "type is required")
    refused("ValidationException", lambda: put("/new", kind="Nonsense"), "enum value set")
    refused("ValidationException", lambda: put("a/b"), "fully qualified")
    refused("ValidationException", lambda: put("aws-x"), "can't be prefixed")
    refused("ValidationException", lambda: put("/ssm/x"), "sub-paths divided by slash")
    refused("AccessDeniedException", lambda: put("/aws/service/x"))
    refused("ValidationException", lambda: put("with space"))
    refused("ValidationException", lambda: put("/new", ""), "1 validation error detected: Value '' at 'value' failed to "
            "satisfy constraint: Member must have length greater than or equal to 1")
    refused("HierarchyLevelLimitExceededException", lambda: put("/a" * 16))
    put("/a" * 15)
    refused("ValidationException", lambda: put("/app/url", Overwrite=True, Tags=[{"Key": "a", "Value": "b"}]), "tags and overwrite")
    refused("ValidationException", lambda: put("/new", KeyId="alias/x"), "SecureString type parameter only")
    refused("ValidationException", lambda: put("/new", DataType="nonsense"), "not supported")
    put("/pattern", "2024", AllowedPattern=r"^\d{4}$")
    refused("ParameterPatternMismatchException", lambda: put("/pattern", "x", AllowedPattern=r"^\d+$", Overwrite=True))
    refused("InvalidAllowedPatternException", lambda: put("/pattern", "x", AllowedPattern="(", Overwrite=True))
    put("/big", "v" * 4096)
    refused("ValidationException", lambda: put("/bigger", "v" * 4097), "Standard tier parameters support a maximum")
    equal(put("/bigger", "v" * 4097, Tier="Intelligent-Tiering")["Tier"], "Advanced")
    equal(put("/advanced", "v" * 8192, Tier="Advanced")["Tier"], "Advanced")
    refused("ValidationException", lambda: put("/advanced", "v" * 8193, Tier="Advanced", Overwrite=True))
    refused("ValidationException", lambda: put("/advanced", "v", Tier="Standard", Overwrite=True), "downgrade")


def getting():
    put("/secret", "s3cr3t", "SecureString")
    sealed = ssm.get_parameter(Name="/secret")["Parameter"]["Value"]
    equal("s3cr3t" in sealed, False)
    equal(len(base64.b64decode(sealed)) > 6, True)
    equal(ssm.get_parameter(Name="/secret", WithDecryption=True)["Parameter"]["Value"], "s3cr3t")
    put("/many", "1")
    put("/many", "2", Overwrite=True)
    put("/many", "3", Overwrite=True)
    equal(ssm.get_parameter(Name="/many:2")["Parameter"]["Value"], "2")
    equal(ssm.get_parameter(Name="/many:2")["Parameter"]["Selector"], ":2")
    equal(ssm.get_parameter(Name="/many:2")["Parameter"]["Name"], "/many")
    arn = "arn:aws:ssm:us-east-1:000000000000:parameter"
    equal(ssm.get_parameter(Name=f"{arn}/many")["Parameter"]["Value"], "3")
    equal(ssm.get_parameter(Name=f"{arn}/plain")["Parameter"]["Value"], "a,b")
    refused("ParameterNotFound", lambda: ssm.get_parameter(Name="/none"))
    refused("ParameterNotFound", lambda: ssm.get_parameter(Name="/none:2"), "Parameter /none:2 not found.")
    refused("ParameterNotFound", lambda: ssm.get_parameter(Name="/many:2:3"), "Parameter /many:2:3 not found.")
    refused("ValidationException", lambda: ssm.get_parameter(Name="/many//b"), "sub-paths divided by slash symbol")
    refused("ValidationException", lambda: ssm.get_parameter(Name="many/b"), "sub-paths divided by slash symbol")
    equal([ssm.get_parameter(Name=name)["Parameter"]["Name"] for name in ("plain", "/plain")], ["plain", "/plain"])
    refused("ParameterNotFound", lambda: ssm.get_parameter(Name="/aws/service/ami-amazon-linux-latest/none"))
    refused("ParameterVersionNotFound", lambda: ssm.get_parameter(Name="/many:9"))
    refused("ParameterVersionNotFound", lambda: ssm.get_parameter(Name="/many:nolabel"))
    refused("ValidationException", lambda: ssm.get_parameter(Name=""))
    refused("ValidationException", lambda: ssm.get_parameter())
    answer = ssm.get_parameters(Names=["/many", "/none", "/many:1", "/secret"], WithDecryption=True)
    equal([item["Value"] for item in answer["Parameters"]], ["3", "1", "s3cr3t"])
    equal(answer["InvalidParameters"], ["/none"])
    refused("ValidationException", lambda: ssm.get_parameters(Names=list("abcdefghijk")),
            "1 validation error detected: Value '[a, b, c, d, e, f, g, h, i, j, k]' at 'names' failed to satisfy constraint: "
            "Member must have length less than or equal to 10")


def paths():
    for number in range(12):
        put(f"/tree/{number:02}", str(number), "SecureString" if number == 3 else "String")
    put("/tree/deep/er", "x")
    put("/treetop", "no")
    page = ssm.get_parameters_by_path(Path="/tree")
    equal(([item["Value"] for item in page["Parameters"]][:4:2], len(page["Parameters"])), (["0", "2"], 10))
    rest = ssm.get_parameters_by_path(Path="/tree", NextToken=page["NextToken"])
    equal(([item["Value"] for item in rest["Parameters"]], "NextToken" in rest), (["10", "11"], False))
    every = ssm.get_paginator("get_parameters_by_path").paginate(Path="/tree/", Recursive=True, PaginationConfig={"PageSize": 5})
    names = [item["Name"] for page in every for item in page["Parameters"]]
    equal((len(names), names[-1]), (13, "/tree/deep/er"))
    secure = ssm.get_parameters_by_path(Path="/tree", WithDecryption=True, ParameterFilters=[
        {"Key": "Type", "Option": "Equals", "Values": ["SecureString"]}])["Parameters"]
    equal([(item["Name"], item["Value"]) for item in secure], [("/tree/03", "3")])
    equal(ssm.get_parameters_by_path(Path="/nothing")["Parameters"], [])
    refused("ValidationException", lambda: ssm.get_parameters_by_path(Path="tree"))
    refused("ValidationException", lambda: ssm.get_parameters_by_path(Path="/tree", MaxResults=11))
    refused("InvalidNextToken", lambda: ssm.get_parameters_by_path(Path="/tree", NextToken="nonsense"))
    refused("InvalidFilterKey", lambda: ssm.get_parameters_by_path(
        Path="/tree", ParameterFilters=[{"Key": "Name", "Values": ["x"]}]))
    equal(len(ssm.get_parameters_by_path(Path="/", Recursive=True)["Parameters"]), 10)
    top = [item["Name"] for page in ssm.get_paginator("get_parameters_by_path").paginate(Path="/") for item in page["Parameters"]]
    equal(("plain" in top, "/treetop" in top, "/tree/00" in top), (True, True, False))
    refused("InvalidFilterKey", lambda: ssm.get_parameters_by_path(Path="/tree", ParameterFilters=[
        {"Key": "Tier", "Values": ["Standard"]}]), "The following filter key is not valid: Tier. Valid filter keys include: [Type, KeyId].")


def describing():
    describe = lambda *filters, **more: [item["Name"] for item in ssm.describe_parameters(
        ParameterFilters=list(filters), **more)["Parameters"]]
    equal(describe({"Key": "Name", "Option": "BeginsWith", "Values": ["/app"]}), ["/app/url"])
    equal(describe({"Key": "Name", "Option": "Contains", "Values": ["urgl", "app"]}), ["/app/url"])
    equal(describe({"Key": "Path", "Option": "OneLevel", "Values": ["/tree/deep"]}), ["/tree/deep/er"])
    equal(describe({"Key": "Type", "Values": ["StringList"]}), ["plain"])
    equal(describe({"Key": "tag:team", "Values": ["core"]}), ["/app/url"])
    equal(describe({"Key": "Tier", "Values": ["Advanced"]}), ["/advanced", "/bigger"])
    shown = ssm.describe_parameters(Filters=[{"Key": "Name", "Values": ["/app/url"]}])["Parameters"][0]
    equal((shown["Description"], shown["Version"], "Value" in shown), ("where", 2, False))
    secret = ssm.describe_parameters(Filters=[{"Key": "Name", "Values": ["/secret"]}])["Parameters"][0]
    equal(secret["KeyId"], "alias/aws/ssm")
    pages = ssm.get_paginator("describe_parameters").paginate(PaginationConfig={"PageSize": 7})
    names = [item["Name"] for page in pages for item in page["Parameters"]]
    equal((names, len(set(names))), (sorted(names), len(names)))
    refused("InvalidFilterKey", lambda: describe({"Key": "Label", "Values": ["x"]}))
    refused("InvalidFilterOption", lambda: describe({"Key": "Name", "Option": "Near", "Values": ["x"]}))
    for filters, said in [
        ([{"Key": "key"}], "Member must satisfy regular expression pattern: tag:.+|Name|Type|KeyId|Path|Label|Tier"),
        ([{"Key": "tag:" + "t" * 129}], "Member must have length less than or equal to 132"),
        ([{"Key": "Name", "Option": "over 10 chars"}], "Member must have length less than or equal to 10"),
        ([{"Key": "Name", "Values": ["test"] * 51}], "Member must have length less than or equal to 50"),
        ([{"Key": "Name", "Values": ["t" * 1025]}], "Member must have length less than or equal to 1024, "
                                                    "Member must have length greater than or equal to 1"),
        ([{"Key": "Name", "Option": "over 10 chars"}, {"Key": "key"}], "2 validation errors detected:"),
        ([{"Key": "Label"}], "The following filter key is not valid: Label. Valid filter keys include: [Path, Name, Type, KeyId, Tier]"),
        ([{"Key": "Name"}], "The following filter values are missing : null for filter key Name"),
        ([{"Key": "Name", "Values": ["a"]}, {"Key": "Name", "Values": ["b"]}], "The following filter is duplicated in the request: "
         "Name. A request can contain only one occurrence of a specific filter."),
        ([{"Key": "Path", "Values": ["/aws", "/ssm"]}], "Filters for common parameters can't be prefixed with \"aws\" or \"ssm\""),
        ([{"Key": "Path", "Values": ["test"]}], "The parameter doesn't meet the parameter name requirements"),
        ([{"Key": "Path", "Option": "Equals", "Values": ["/x"]}], "Valid options include: [Recursive, OneLevel]"),
        ([{"Key": "Tier", "Values": ["test"]}], "Valid values include: [Standard, Advanced, Intelligent-Tiering]"),
        ([{"Key": "Type", "Values": ["test"]}], "Valid values include: [String, StringList, SecureString]"),
    ]:
        try:
            describe(*filters)
        except ClientError as error:
            equal(said in error.response["Error"]["Message"], True, error.response["Error"]["Message"])
            continue
        raise AssertionError(f"{filters} was not refused")
    equal(ssm.describe_parameters(Shared=True)["Parameters"], [])


def versions():
    equal([item["Value"] for item in ssm.get_parameter_history(Name="/many")["Parameters"]], ["1", "2", "3"])
    page = ssm.get_parameter_history(Name="/many", MaxResults=2)
    rest = ssm.get_parameter_history(Name="/many", MaxResults=2, NextToken=page["NextToken"])
    equal([item["Version"] for item in page["Parameters"] + rest["Parameters"]], [1, 2, 3])
    answer = ssm.label_parameter_version(Name="/many", ParameterVersion=1, Labels=["first", "live", "aws-no", "1no"])
    equal((answer["InvalidLabels"], answer["ParameterVersion"]), (["aws-no", "1no"], 1))
    equal(ssm.get_parameter(Name="/many:live")["Parameter"]["Value"], "1")
    equal(ssm.label_parameter_version(Name="/many", Labels=["live"])["ParameterVersion"], 3)
    equal(ssm.get_parameter(Name="/many:live")["Parameter"]["Value"], "3")
    equal([item["Labels"] for item in ssm.get_parameter_history(Name="/many")["Parameters"]], [["first"], [], ["live"]])
    found = ssm.get_parameters_by_path(Path="/", ParameterFilters=[{"Key": "Label", "Values": ["first"]}])["Parameters"]
    equal([(item["Name"], item["Value"]) for item in found], [("/many", "1")])
    long = "a" * 101
    refused("ValidationException", lambda: ssm.label_parameter_version(Name="/many", Labels=[long]),
            f"Value '[{long}]' at 'labels' failed to satisfy constraint: Member must satisfy constraint: [Member must have length "
            "less than or equal to 100, Member must have length greater than or equal to 1]")
    refused("ParameterVersionLabelLimitExceeded", lambda: ssm.label_parameter_version(
        Name="/many", Labels=[f"l{number}" for number in range(11)]))
    refused("ParameterVersionNotFound", lambda: ssm.label_parameter_version(Name="/many", ParameterVersion=9, Labels=["x"]))
    refused("ParameterNotFound", lambda: ssm.label_parameter_version(Name="/none", Labels=["x"]))
    ssm.label_parameter_version(Name="/many", Labels=[f"l{number}" for number in range(9)])
    refused("ParameterVersionLabelLimitExceeded", lambda: ssm.label_parameter_version(Name="/many", Labels=["one-more"]))
    answer = ssm.unlabel_parameter_version(Name="/many", ParameterVersion=3, Labels=["live", "none"])
    equal((answer["RemovedLabels"], answer["InvalidLabels"]), (["live"], ["none"]))
    for number in range(105):
        put("/rolling", str(number), Overwrite=True)
    history = [item for page in ssm.get_paginator("get_parameter_history").paginate(Name="/rolling") for item in page["Parameters"]]
    equal(([item["Version"] for item in history]), list(range(6, 106)))
    ssm.label_parameter_version(Name="/rolling", ParameterVersion=6, Labels=["kept"])
    refused("ParameterMaxVersionLimitExceeded", lambda: put("/rolling", "x", Overwrite=True), "Version 6, the oldest version")


def regions():
    west = client("ssm", region="us-west-2", parameter_validation=False)
    put("/from/east", "sealed", "SecureString")
    for one, region in ((ssm, "us-east-1"), (west, "us-west-2")):
        found = one.get_parameter(Name="/from/east", WithDecryption=True)["Parameter"]
        arn = f"arn:aws:ssm:{region}:000000000000:parameter/from/east"
        equal((found["Value"], found["ARN"], one.get_parameter(Name=arn)["Parameter"]["Version"]), ("sealed", arn, 1))
    twice = ssm.get_parameters(Names=["/from/east", "/from/east"])
    equal(len(twice["Parameters"]), 1)


def tags():
    listed = lambda: {item["Key"]: item["Value"] for item in ssm.list_tags_for_resource(
        ResourceType="Parameter", ResourceId="/app/url")["TagList"]}
    equal(listed(), {"team": "core"})
    ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId="/app/url", Tags=[
        {"Key": "team", "Value": "edge"}, {"Key": "cost", "Value": "1"}])
    equal(listed(), {"team": "edge", "cost": "1"})
    ssm.remove_tags_from_resource(ResourceType="Parameter", ResourceId="/app/url", TagKeys=["team", "none"])
    equal(listed(), {"cost": "1"})
    refused("InvalidResourceId", lambda: ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/none"))
    refused("InvalidResourceType", lambda: ssm.list_tags_for_resource(ResourceType="Nonsense", ResourceId="/x"))
    many = [{"Key": str(number), "Value": ""} for number in range(50)]
    refused("TooManyTagsError", lambda: ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId="/app/url", Tags=many))


def policies():
    expiry = '{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"2040-01-01T00:00:00.000Z"}}'
    equal(put("/policies", Tier="Intelligent-Tiering", Policies=f"[{expiry}]")["Tier"], "Advanced")
    shown = ssm.describe_parameters(Filters=[{"Key": "Name", "Values": ["/policies"]}])["Parameters"][0]["Policies"]
    equal([(policy["PolicyType"], policy["PolicyStatus"]) for policy in shown], [("Expiration", "Pending")])
    put("/policies", Overwrite=True)
    equal(len(ssm.get_parameter_history(Name="/policies")["Parameters"][-1]["Policies"]), 1)
    put("/policies", Overwrite=True, Policies="[{}]")
    equal(ssm.get_parameter_history(Name="/policies")["Parameters"][-1]["Policies"], [])
    refused("ValidationException", lambda: put("/new", Policies=f"[{expiry}]"), "advanced-parameter tier")
    refused("InvalidPolicyTypeException", lambda: put("/new", Tier="Advanced", Policies='[{"Type":"None"}]'))
    refused("IncompatiblePolicyException", lambda: put("/new", Tier="Advanced", Policies=f"[{expiry},{expiry}]"))


def deleting():
    ssm.delete_parameter(Name="/app/url")
    refused("ParameterNotFound", lambda: ssm.delete_parameter(Name="/app/url"))
    refused("ParameterNotFound", lambda: ssm.get_parameter(Name="/app/url"))
    answer = ssm.delete_parameters(Names=["/many", "/none", "plain"])
    equal((answer["DeletedParameters"], answer["InvalidParameters"]), (["/many", "plain"], ["/none"]))
    equal(put("/many")["Version"], 1)


for group in (putting, getting, paths, describing, versions, regions, tags, policies, deleting):
    group()
done()
